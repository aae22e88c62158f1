package io.gatehouse.internal.session.token;

import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Derives names: from the secret id the handle, from the handle the Redis key. Both steps are keyed and go one way, so a
 * dump of Redis gives no token, and somebody who can write to Redis cannot tell where a given token would look.
 *
 * <p>Keys: {@code <prefix>:{<application>.<bucket>}:s:<lookup>} is a session, {@code <prefix>:{<application>.<bucket>}:x} the
 * expiry index of its bucket, {@code <prefix>:{<application>.<user>}:u} the sessions of a user, and {@code
 * <prefix>:{<application>.<user>}:n} those that may be used since the user was signed out everywhere. The braces make a record
 * and its index share a slot of a cluster, and the two of a user.
 */
public final class KeyNames {
    /** Fixed for ever: a record's bucket follows from its key. */
    public static final int BUCKETS = 64;

    private static final int DERIVED_LENGTH = 16;

    private final KeyRing keys;
    private final byte[] application;
    private final String prefix;

    public KeyNames(KeyRing keys, String keyPrefix, String application) {
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.prefix = keyPrefix + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + '.';
    }

    public byte[] application() {
        return application;
    }

    public SessionKeys locate(String kid, SessionId id) {
        return locate(kid, derive(kid, KeyPurpose.HANDLE, id.bytes()));
    }

    public SessionKeys locate(String kid, String handle) {
        String lookup = derive(kid, KeyPurpose.LOOKUP, handle.getBytes(StandardCharsets.UTF_8));
        int bucket = bucket(lookup);
        return new SessionKeys(kid, handle, lookup, recordKey(bucket, lookup), indexKey(bucket));
    }

    public byte[] indexKey(int bucket) {
        return ScriptArgs.encode(prefix + bucket + "}:x");
    }

    public byte[] recordKey(int bucket, String lookup) {
        return ScriptArgs.encode(prefix + bucket + "}:s:" + lookup);
    }

    /** What stands for a user in tokens and names, one for each key; null for nobody. Without the key it leads back to no user. */
    @Nullable
    public String userTag(String kid, String user) {
        return user.isEmpty() ? null : tag(kid, user);
    }

    private String tag(String kid, String user) {
        return derive(kid, KeyPurpose.USER, user.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] userKey(String kid, String user) {
        return ScriptArgs.encode(prefix + tag(kid, user) + "}:u");
    }

    public byte[] acceptedKey(String kid, String user) {
        return acceptedKey(tag(kid, user));
    }

    public byte[] acceptedKey(String userTag) {
        return ScriptArgs.encode(prefix + userTag + "}:n");
    }

    public int bucketOf(SessionKeys sessionKeys) {
        return bucket(sessionKeys.lookup());
    }

    /** The number of a record's bucket: the first six bits of its lookup. */
    private static int bucket(String lookup) {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(lookup.charAt(0));
    }

    private String derive(String kid, KeyPurpose keyPurpose, byte[] from) {
        byte[] derived = Arrays.copyOf(keys.tag(kid, keyPurpose, application, from), DERIVED_LENGTH);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
    }
}
