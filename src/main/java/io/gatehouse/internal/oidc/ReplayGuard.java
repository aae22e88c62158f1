package io.gatehouse.internal.oidc;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * Lets each logout token act once in the cluster. A request first claims the token's id for a short time, then ends the sessions, then
 * extends the claim until the token is no longer accepted. So a token whose request fails halfway, or whose node dies, can be sent again.
 *
 * <p>Keys: {@code <prefix>:{<application>.<hash of the id>}:o}. Script: {@code once.lua} (GET, SET, UNLINK). Thread-safe.
 */
final class ReplayGuard {
    private static final Script ONCE = Script.load(ReplayGuard.class, "once.lua", true);
    private static final Duration PENDING = Duration.ofSeconds(30);
    private static final int HASH_LENGTH = 16;

    private final Redis redis;
    private final String prefix;
    private final String issuer;

    ReplayGuard(Redis redis, String keyPrefix, String application, String issuer) {
        this.redis = redis;
        this.prefix = keyPrefix + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + '.';
        this.issuer = issuer;
    }

    /** A token's id that one request tries to use. */
    final class Claim {
        private final byte[] key;
        private final String request = UUID.randomUUID().toString();

        private Claim(String tokenId) {
            this.key = ScriptArgs.encode(prefix + hash(issuer + '\n' + tokenId) + "}:o");
        }

        /** Claims the token for a short time. */
        State begin() {
            return hold("pending", PENDING);
        }

        /** Keeps all others from using the token as long as it would be accepted. */
        void complete(Duration accepted) {
            State unused = hold("done", accepted.compareTo(PENDING) < 0 ? PENDING : accepted);
        }

        /** Lets the token be used again. */
        void release() {
            State unused = hold("released", Duration.ZERO);
        }

        private State hold(String state, Duration lasting) {
            return redis.send(ONCE.on(RedisPurpose.SESSIONS)
                    .keys(key)
                    .args(args -> args.text(request).text(state).millis(lasting))
                    .reply(reader -> State.of(reader.count())));
        }
    }

    /** The state of a claim. */
    enum State {
        /** Another request has used the token. */
        USED,
        /** This request may use the token. */
        HELD,
        /** Another request uses the token now, or has failed without releasing it. */
        PENDING;

        /** Returns the state for a reply of the script. */
        private static State of(int reply) {
            return switch (reply) {
                case 0 -> USED;
                case 1 -> HELD;
                default -> PENDING;
            };
        }
    }

    Claim claim(String tokenId) {
        return new Claim(tokenId);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, HASH_LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
