package io.gatehouse;

/**
 * A source of credentials that expire, such as tokens of Microsoft Entra ID or AWS IAM. Gatehouse finds it with {@link
 * java.util.ServiceLoader} and uses it for every server that has no password in its URL or in {@code
 * GATEHOUSE_REDIS_PASSWORD}.
 *
 * <pre>{@code
 * public final class EntraCredentials implements RedisCredentialsProvider {
 *     private final IdentityProvider identity = ...;
 *
 *     public RedisCredentials credentials() {
 *         Token token = identity.requestToken();
 *         return new RedisCredentials(token.getUser(), token.getValue(), Instant.ofEpochMilli(token.getExpiresAt()));
 *     }
 * }
 * }</pre>
 *
 * <p>Gatehouse calls it when it starts and again after four fifths of the lifetime of the last credentials, on a thread of its
 * own, one call at a time, and every five seconds after a failure or while the server refuses the last credentials. Live
 * connections are then authenticated again. The provider may block; if it does so for 30 seconds, that is logged.
 */
@FunctionalInterface
public interface RedisCredentialsProvider {
    /**
     * Returns new credentials.
     *
     * @throws Exception if there are none now; the message is logged, so it must not contain secrets
     */
    RedisCredentials credentials() throws Exception;
}
