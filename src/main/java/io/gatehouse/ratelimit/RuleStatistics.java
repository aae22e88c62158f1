package io.gatehouse.ratelimit;

/**
 * The numbers of requests that a rule has allowed and refused, on one node since its start or summed over all nodes. Immutable.
 *
 * <pre>{@code
 * rateLimiter.statistics().forEach(rule -> log.info(rule.rule() + " refused " + rule.refused()));
 * }</pre>
 *
 * @param rule the name of the rule
 * @param allowed the number of requests allowed
 * @param refused the number of requests refused
 * @param wouldRefuse the number of requests that a rule in dry-run mode would have refused
 * @param locally how many of the refused requests were refused without asking Redis
 * @param withoutRedis the number of requests decided while Redis was unavailable
 */
public record RuleStatistics(
        String rule, long allowed, long refused, long wouldRefuse, long locally, long withoutRedis) {}
