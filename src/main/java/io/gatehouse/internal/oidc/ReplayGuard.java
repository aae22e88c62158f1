package io.gatehouse.internal.oidc;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
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

        /** Returns whether no other request has used the token or is using it. */
        boolean begin() {
            return hold(PENDING.toMillis());
        }

        /** Keeps all others from using the token as long as it would be accepted. */
        boolean complete(Duration accepted) {
            return hold(Math.max(PENDING.toMillis(), accepted.toMillis()));
        }

        /** Lets the token be used again. */
        boolean release() {
            return hold(0);
        }

        private boolean hold(long millis) {
            return redis.send(ONCE.on(RedisPurpose.SESSIONS)
                    .keys(key)
                    .args(args -> args.text(request).number(millis))
                    .reply(ReplyReader::flag));
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
