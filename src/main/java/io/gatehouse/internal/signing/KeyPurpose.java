package io.gatehouse.internal.signing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a derived key is for. The names are part of the stored formats: renaming one makes all old data unreadable. */
public enum KeyPurpose {
    /** Session tokens, the values of cookies. */
    TOKEN,
    /** From a session id to the handle that people see. */
    HANDLE,
    /** From a handle to the Redis key of its session. */
    LOOKUP,
    /** The signed metadata of a stored session. */
    RECORD,
    /** The values of a stored session. */
    VALUE,
    /** Encryption of values. */
    ENCRYPTION,
    /** From a user name to the Redis key of that user's index. */
    USER,
    /** From what a rate limit counts by to the Redis key of its counter. */
    RATE_LIMIT,
    /** From what was typed as an account, and from an address, to the Redis keys of their failed log-ins. */
    LOGIN,
    /** Device cookies. */
    DEVICE,
    /** Entries of the cache. */
    CACHE,
    /** Runs of jobs. */
    JOB;

    byte[] info() {
        return ("gatehouse/v1/" + name().toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.US_ASCII);
    }
}
