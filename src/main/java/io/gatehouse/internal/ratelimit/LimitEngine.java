package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.ratelimit.RuleStatistics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rate limiter of one application. It decides all rules that match a request together, in one round trip, and charges them only if
 * all of them allow the request. While Redis is unavailable, each rule follows its {@code on-redis-failure}. A check never throws because
 * Redis is unavailable, and waits no longer than the deadline of one exchange. Thread-safe.
 *
 * <p>On a cluster, the counters of different addresses, users and headers lie in different slots, so one script cannot decide them
 * together. Their calls are then sent in parallel, and what one slot charged is refunded if another slot refuses.
 */
public final class LimitEngine {
    /** The interval at which a node calls {@link #heartbeat}. */
    public static final Duration NODE_INTERVAL = NodeRegistry.INTERVAL;

    private final Redis redis;
    private final ClientAddressResolver addresses;
    private final Supplier<RuleSet> rules;
    private final Function<String, List<String>> userTags;
    private final boolean oneSlot;
    private final Refunds refunds;
    private final KnownSessions sessions;
    private final UserLimits userLimits;
    private final CounterKeys counterKeys;
    private final CounterInspector counterInspector;
    private final CounterReset counterReset;
    private final NodeRegistry nodeRegistry;
    private final LocalLimiter local;
    private final TokenPrefetch tokenPrefetch;
    private final RefusalCache refusalCache;
    private final ApplicationChecks applicationChecks;
    private final BlockedClients blocked;
    private final LimitStatistics statistics;

    /**
     * Creates the limiter of one application.
     *
     * @param cluster whether Redis is a cluster, so that keys lie in slots
     * @param rules supplies the rules in force
     * @param userTags returns the tags that {@link RateLimitRequest#userTag} may have for a user name, the newest first
     */
    public LimitEngine(
            Redis redis,
            boolean cluster,
            KeyRing keys,
            String keyPrefix,
            String application,
            ClientAddressResolver addresses,
            Supplier<RuleSet> rules,
            Function<String, List<String>> userTags,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.redis = redis;
        this.addresses = addresses;
        this.rules = rules;
        this.userTags = userTags;
        this.oneSlot = !cluster;
        this.refunds = new Refunds(redis, oneSlot);
        this.sessions = new KnownSessions(nanoTime);
        this.userLimits = new UserLimits(nanoTime);
        this.counterKeys = new CounterKeys(keys, keyPrefix, application, userLimits);
        this.counterInspector = new CounterInspector(redis, counterKeys, rules);
        this.nodeRegistry = new NodeRegistry(redis, keyPrefix, application);
        this.statistics = new LimitStatistics(redis, keyPrefix, application, nodeRegistry.node(), rules);
        this.local = new LocalLimiter(clock, nodeRegistry::size);
        this.tokenPrefetch = new TokenPrefetch(nanoTime, nodeRegistry::counted);
        this.refusalCache = new RefusalCache(nanoTime);
        this.applicationChecks = new ApplicationChecks(this, addresses, rules, userTags);
        this.blocked = new BlockedClients(redis, keys, keyPrefix, application, nanoTime);
        this.counterReset = new CounterReset(redis, counterKeys, rules, refusalCache, tokenPrefetch, local, blocked);
    }

    /** Starts to check a request against the rules that match it; adds the calls that this needs to the pipeline. */
    public RateLimitCheck begin(RateLimitRequest request, Pipeline pipeline) {
        if (rules.get().denies(request.address())) {
            return RateLimitCheck.denied(this);
        }
        return begin(matching(request), request, true, pipeline);
    }

    private List<RateLimitRule> matching(RateLimitRequest request) {
        RuleSet now = rules.get();
        return now.allows(request.address()) ? List.of() : now.matching(request.method(), request.path());
    }

    /** Starts to check whether the client of a request may create a session. The pipeline is the one that stores the session. */
    public RateLimitCheck beginSession(RateLimitRequest request, Pipeline pipeline) {
        RuleSet now = rules.get();
        return begin(
                now.allows(request.address()) ? List.of() : now.matchingSessions(request.method(), request.path()),
                request,
                false,
                pipeline);
    }

    private RateLimitCheck begin(
            Collection<RateLimitRule> matching, RateLimitRequest request, boolean held, Pipeline pipeline) {
        RateLimitCheck check = new RateLimitCheck(this);
        check.begin(counterKeys.charges(matching, request), oneSlot, held, pipeline);
        return check;
    }

    /** Checks, and charges, a request against the rules with these names, whatever its path. Unknown names are ignored. */
    public LimitDecision check(RateLimitRequest request, Collection<String> names) {
        List<RateLimitRule> named = rules.get().rules().stream()
                .filter(rule -> names.contains(rule.name()))
                .toList();
        return decide(named, request);
    }

    /** Checks an address; see {@link ApplicationChecks#checkIp}. */
    public LimitDecision checkIp(String address) {
        return applicationChecks.checkIp(address);
    }

    /** Checks a user; see {@link ApplicationChecks#checkUser}. */
    public LimitDecision checkUser(String user, String endpoint) {
        return applicationChecks.checkUser(user, endpoint);
    }

    /** Decides a request by the given rules, in one round trip. */
    LimitDecision decide(Collection<RateLimitRule> matching, RateLimitRequest request) {
        Pipeline pipeline = new Pipeline();
        RateLimitCheck check = begin(matching, request, false, pipeline);
        redis.send(pipeline);
        return check.decision();
    }

    /**
     * Returns the status of counters without charging them: one for each rule with this scope, and for each path pattern of a rule that
     * counts by endpoint too.
     *
     * @param scope what the rules count by, such as {@code ip} or {@code user+header:X-Tenant}
     * @param keys a value for each part of the scope, in the same order
     * @throws IllegalArgumentException if the scope is unknown or a value is invalid
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    public List<RuleStatus> inspect(String scope, String... keys) {
        return counterInspector.inspect(new CounterQuery(scope, keys, addresses, userTags));
    }

    /**
     * Returns the decision that a request would get now, without charging it.
     *
     * @param address the client address, or null if unknown
     * @param user the user who is logged in, or null
     * @param header returns the value of a header, or null if it is missing
     * @throws IllegalArgumentException if the text is not an address
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    public Explanation explain(
            String method,
            String path,
            @Nullable String address,
            @Nullable String user,
            Function<String, @Nullable String> header) {
        ClientAddress client = address == null ? null : addresses.parse(address);
        String tag = user == null ? null : userTags.apply(user).get(0);
        return counterInspector.explain(new RateLimitRequest(method, path, client, tag, header));
    }

    /**
     * Resets counters: at once on this node, within ten seconds on other nodes. Takes the parameters of {@link #inspect} and throws the
     * same exceptions.
     *
     * @return the number of counters that existed
     */
    public int reset(String scope, String... keys) {
        return counterReset.reset(new CounterQuery(scope, keys, addresses, userTags));
    }

    /** Returns the list of the clients that are blocked now. */
    public BlockedClients blocked() {
        return blocked;
    }

    /** Returns the limits that the application gives to users. */
    public UserLimits userLimits() {
        return userLimits;
    }

    /** Releases a client of that list: at once on this node, within ten seconds on other nodes; see {@link CounterReset#release}. */
    public boolean release(String counter, Consumer<String> accounts) {
        return counterReset.release(counter, accounts);
    }

    /** Returns what each rule has done on this node since its start, in the order of the rules. */
    public List<RuleStatistics> statistics() {
        return statistics.ofNode();
    }

    /** Returns the sums over all nodes; see {@link LimitStatistics#ofCluster}. */
    public List<RuleStatistics> clusterStatistics() {
        return statistics.ofCluster();
    }

    /** Returns the rules in force. */
    public RuleSet rules() {
        return rules.get();
    }

    /** Returns by how many tokens all nodes together may exceed the limit of a counter, by the name of its rule. */
    public Map<String, Long> prefetchBounds() {
        Map<String, Long> bounds = new LinkedHashMap<>();
        rules.get().rules().forEach(rule -> bounds.put(rule.name(), tokenPrefetch.bound(rule)));
        return bounds;
    }

    /** Returns the tokens that this node has taken in advance. */
    public TokenPrefetch prefetch() {
        return tokenPrefetch;
    }

    /**
     * Registers this node as alive, counts the nodes of the application, and stores what other nodes list and sum up. Called every {@link #NODE_INTERVAL}. While Redis is
     * unavailable, the previous count stays in use.
     */
    public void heartbeat() {
        nodeRegistry.heartbeat(blocked::publish, statistics::publish);
    }

    /**
     * Returns the applications that share this Redis and its key prefix, in the order of their names.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    public List<ApplicationInfo> applications() {
        return nodeRegistry.applications();
    }

    /** Returns whether a rule that counts by user matches the request. */
    boolean countsUsers(RateLimitRequest request) {
        for (RateLimitRule rule : matching(request)) {
            if (rule.countsUsers()) {
                return true;
            }
        }
        return false;
    }

    /** Starts to check a request against those of its rules that count by user. */
    RateLimitCheck beginUsers(RateLimitRequest request, Pipeline pipeline) {
        List<RateLimitRule> matching =
                matching(request).stream().filter(RateLimitRule::countsUsers).toList();
        return begin(matching, request, true, pipeline);
    }

    void send(Pipeline pipeline) {
        if (!pipeline.isEmpty()) {
            redis.send(pipeline);
        }
    }

    void refund(List<CounterCharge> charges) {
        for (CounterCharge charge : charges) {
            if (charge.tokens() > 0) {
                refusalCache.forget(charge.id());
                tokenPrefetch.refunded(charge);
            }
        }
        refunds.send(charges);
    }

    KnownSessions sessions() {
        return sessions;
    }

    RuleCounters counters(RateLimitRule rule) {
        return statistics.counters(rule);
    }

    RefusalCache refusalCache() {
        return refusalCache;
    }

    LocalLimiter local() {
        return local;
    }
}
