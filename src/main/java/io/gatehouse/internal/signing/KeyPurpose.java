package io.gatehouse.internal.signing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The use for which a key is derived. The names are part of the stored formats: renaming one makes all stored data unreadable. */
public enum KeyPurpose {
    /** Signs session tokens, the values of session cookies. */
    TOKEN,
    /** Derives the public handle from a session id. */
    HANDLE,
    /** Derives the Redis key of a session from its handle. */
    LOOKUP,
    /** Signs the metadata of a stored session. */
    RECORD,
    /** Signs the attribute values of a stored session. */
    VALUE,
    /** Encrypts attribute names and values. */
    ENCRYPTION,
    /** Derives the Redis key of a user's index from the user name. */
    USER,
    /** Derives the Redis key of a rate-limit counter from what the limit counts by. */
    RATE_LIMIT,
    /** Derives the Redis keys of failed logins from an account as typed and from an address. */
    LOGIN,
    /** Signs device cookies. */
    DEVICE,
    /** Signs cache entries. */
    CACHE,
    /** Signs the runs of jobs. */
    JOB,
    /** Derives the id of a session that is imported from another session store. */
    IMPORT;

    byte[] info() {
        return ("gatehouse/v1/" + name().toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.US_ASCII);
    }
}
