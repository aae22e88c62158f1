package io.gatehouse.ratelimit;

import java.util.List;

/**
 * The rate limits of an application, for code that limits more than requests. All rules that a check meets are decided
 * together, in one round trip, and charged only if all of them allow the call. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * RateLimiter rateLimiter;
 *
 * if (!rateLimiter.checkIp("192.168.1.100").isAllowed()) {
 *     throw new TooManyRequests();
 * }
 * }</pre>
 *
 * <p>A check never throws because Redis is unavailable: each rule is configured to allow, refuse, or count on this node alone
 * then. Within HTTP requests Gatehouse checks the configured rules itself; this interface is for other actions.
 */
public interface RateLimiter {

    /**
     * Checks, and charges, an address against the rules that count by address alone and apply to every path. The allow and deny
     * lists of the rules apply too.
     *
     * @param address an IPv4 or IPv6 address
     * @throws IllegalArgumentException if the text is not an address
     */
    Decision checkIp(String address);

    /**
     * Checks, and charges, a user against the rules that count by user and apply to the endpoint: the rules that {@code match} the
     * path, or have the name as their {@code endpoint}, and those for everything. If there is none, the decision {@linkplain
     * Decision#isUnlimited is unlimited}, and a warning is logged once for each endpoint.
     *
     * <pre>{@code
     * Decision decision = rateLimiter.checkUser("user123", "login");
     * }</pre>
     *
     * @param endpoint a path that starts with a slash, or a name of what the user is about to do, such as {@code login}
     */
    Decision checkUser(String user, String endpoint);

    /**
     * Returns the status of counters without charging them: one for each rule with this scope, and for each path pattern and
     * named endpoint of a rule that counts by endpoint too. To find the counters of a rule for every endpoint, name the endpoint:
     * {@code inspect("user+endpoint", "user123", "login")}.
     *
     * @param scope what the rules count by, such as {@code ip} or {@code user+header:X-Tenant}
     * @param keys a value for each part of the scope, in the same order
     * @throws IllegalArgumentException if the scope is unknown or a value is invalid
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<CounterStatus> inspect(String scope, String... keys);

    /**
     * Resets counters: at once on this node, within ten seconds on other nodes.
     *
     * @param scope as for {@link #inspect}
     * @param keys as for {@link #inspect}
     * @return the number of counters that existed
     * @throws IllegalArgumentException if the scope is unknown or a value is invalid
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    int reset(String scope, String... keys);

    /**
     * Returns the clients that rules refuse now, on any node, and the accounts that are locked after failed logins: those that are
     * blocked longest first. A client appears when a call of it is refused for a second or more, at once if this node refused it
     * and within ten seconds if another did; at most 10,000 are kept. One round trip.
     *
     * @param limit the most clients to return, from 1 to 1,000
     * @throws IllegalArgumentException if the limit is out of range
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<BlockedClient> blocked(int limit);

    /**
     * Releases a blocked client: resets the counter, or forgets the failed logins of the account. Takes effect at once on this
     * node, within ten seconds on other nodes.
     *
     * @param counter the {@link BlockedClient#counter} of the client
     * @return whether the client was in the list
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    boolean release(String counter);

    /** Returns what each rule has done on this node since its start, in the order of the rules. */
    List<RuleStatistics> statistics();

    /**
     * Returns the sums over all nodes that are alive, in the order of the rules. The numbers of other nodes are at most ten seconds
     * old. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<RuleStatistics> clusterStatistics();
}
