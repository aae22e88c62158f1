package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * The CDI event that a rule has begun to refuse a client. Fired on the node that refused, in a background thread, once for each counter
 * and time of refusal, and at most once a minute; not for refusals of less than a second. Observers that are slow or throw do not affect
 * requests; if more than 1,000 events wait, further ones are dropped and counted in the log.
 *
 * <pre>{@code
 * void audit(@Observes RequestRefusedEvent event) {
 *     log.info(event.rule() + " refuses " + event.key() + " for " + event.retryAfter());
 * }
 * }</pre>
 *
 * @param rule the name of the rule
 * @param scope what the rule counts by, such as {@code ip}
 * @param key as in {@link BlockedClient#key}
 * @param counter the counter, for {@link RateLimiter#release}
 * @param retryAfter how long the client is refused, if it makes no other call
 */
public record RequestRefusedEvent(String rule, String scope, String key, String counter, Duration retryAfter) {}
