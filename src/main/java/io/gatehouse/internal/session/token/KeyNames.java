package io.gatehouse.internal.session.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Derives the names of sessions and the keys in Redis. The handle is a keyed hash of the secret id; the lookup is a keyed hash of
 * the handle. A dump of Redis therefore contains no tokens, and an attacker who can write to Redis cannot compute which record a
 * given token opens. Thread-safe.
 *
 * <ul>
 *   <li>{@code <prefix>:{<application>.<bucket>}:s:<lookup>}: a session record (hash)
 *   <li>{@code <prefix>:{<application>.<bucket>}:x}: the expiry index of a bucket (sorted set of lookups)
 *   <li>{@code <prefix>:{<application>.<bucket>}:h:<lookup>}: the holders of leases on a session (hash of nodes)
 *   <li>{@code <prefix>:{<application>.<user>}:h}: the holders of leases on the sessions of a user (hash of nodes)
 *   <li>{@code <prefix>:{<application>.<user>}:u}: the sessions of a user (sorted set)
 *   <li>{@code <prefix>:{<application>.<user>}:n}: the accepted sessions of a user after a revocation (sorted set)
 * </ul>
 *
 * <p>The braces are hash tags: a record and its index share a slot of a cluster, and so do both keys of a user.
 */
public final class KeyNames {
    /** The number of buckets. It must never change, because the bucket is part of the key of each record. */
    public static final int BUCKETS = 64;

    private static final int DERIVED_LENGTH = 16;
    /** The length of 16 bytes in base64url. */
    private static final int LOOKUP_LENGTH = 22;

    /** The number of users whose tags are remembered. */
    private static final int MOST_USERS = 10_000;

    private record UserName(String kid, String user) {}

    private final Cache<UserName, String> userTags = Caffeine.newBuilder()
            .maximumSize(MOST_USERS)
            .executor(Runnable::run)
            .build();

    private final KeyRing keys;
    private final byte[] application;
    private final String prefix;
    private final String leaseChannelPrefix;

    public KeyNames(KeyRing keys, String keyPrefix, String application) {
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        String encoded = URLEncoder.encode(application, StandardCharsets.UTF_8);
        this.prefix = keyPrefix + ":{" + encoded + '.';
        this.leaseChannelPrefix = keyPrefix + ":" + encoded + ":leases:";
    }

    /** Returns the name of the application, in UTF-8. */
    public byte[] application() {
        return application;
    }

    /** Returns the names of the session with an id that was created under a signing key. */
    public SessionKeys locate(String kid, SessionId id) {
        return locate(kid, derive(kid, KeyPurpose.HANDLE, id.bytes()));
    }

    /** Returns the names of the session with a handle that was created under a signing key. */
    public SessionKeys locate(String kid, String handle) {
        String lookup = derive(kid, KeyPurpose.LOOKUP, handle.getBytes(StandardCharsets.UTF_8));
        int bucket = bucket(lookup);
        return new SessionKeys(kid, handle, lookup, recordKey(bucket, lookup), indexKey(bucket));
    }

    /** Returns the key of the expiry index of a bucket. */
    public byte[] indexKey(int bucket) {
        return ScriptArgs.encode(prefix + bucket + "}:x");
    }

    /** Returns the key of a session record. */
    public byte[] recordKey(int bucket, String lookup) {
        return ScriptArgs.encode(prefix + bucket + "}:s:" + lookup);
    }

    /** Returns the key of the leases on a session, in the slot of its record. */
    public static byte[] leasesKey(byte[] recordKey) {
        byte[] key = recordKey.clone();
        key[key.length - LOOKUP_LENGTH - 2] = 'h'; // instead of the s in ":s:<lookup>"
        return key;
    }

    /** Returns the key of the leases on the sessions of the user with a tag, in the slot of the accepted sessions. */
    public byte[] userLeasesKey(String userTag) {
        return ScriptArgs.encode(prefix + userTag + "}:h");
    }

    /** Returns the prefix of the channels of the application's nodes. */
    public String leaseChannelPrefix() {
        return leaseChannelPrefix;
    }

    /**
     * Returns the tag that represents a user in tokens and in keys, or null if the user's name is empty. The tag is a keyed hash; each
     * signing key gives another one.
     */
    @Nullable
    public String userTag(String kid, String user) {
        return user.isEmpty() ? null : tag(kid, user);
    }

    private String tag(String kid, String user) {
        return userTags.get(
                new UserName(kid, user),
                name -> derive(name.kid(), KeyPurpose.USER, name.user().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the key of the index of a user's sessions. */
    public byte[] userKey(String kid, String user) {
        return ScriptArgs.encode(prefix + tag(kid, user) + "}:u");
    }

    /** Returns the key of the accepted sessions of a user after a revocation. */
    public byte[] acceptedKey(String kid, String user) {
        return acceptedKey(tag(kid, user));
    }

    /** Returns the key of the accepted sessions of the user with a tag. */
    public byte[] acceptedKey(String userTag) {
        return ScriptArgs.encode(prefix + userTag + "}:n");
    }

    /** Returns the bucket of a session, from 0 to {@value #BUCKETS} exclusive. */
    public int bucketOf(SessionKeys sessionKeys) {
        return bucket(sessionKeys.lookup());
    }

    /** Returns the first six bits of a lookup, which are the number of its bucket. */
    private static int bucket(String lookup) {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(lookup.charAt(0));
    }

    private String derive(String kid, KeyPurpose keyPurpose, byte[] from) {
        byte[] derived = Arrays.copyOf(keys.tag(kid, keyPurpose, application, from), DERIVED_LENGTH);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
    }
}
