package io.gatehouse.ratelimit;

import java.time.Instant;

/**
 * A client that a rule refuses now, or an account that is locked after failed logins. Immutable.
 *
 * <pre>{@code
 * for (BlockedClient client : rateLimiter.blocked(100)) {
 *     log.info(client.rule() + " refuses " + client.key() + " until " + client.until());
 * }
 * }</pre>
 *
 * @param rule the name of the rule; {@code account} for a locked account
 * @param scope what the rule counts by, such as {@code ip}; {@code account} for a locked account
 * @param key the value of each part of the scope, joined by {@code " + "}; users, accounts and headers are masked as {@code ***}
 * @param counter the keyed hash that names the counter, for {@link RateLimiter#release}; reveals nothing about the client
 * @param until when the client is allowed again, if it makes no other call
 */
public record BlockedClient(String rule, String scope, String key, String counter, Instant until) {}
