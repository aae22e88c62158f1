package io.gatehouse.internal.ratelimit;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.ratelimit.RuleStatistics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one application: all rules that a request meets are decided at once, in one exchange with Redis, and charged
 * only if all let it pass. While Redis is away each rule does what it says for that. Never throws because of Redis, and waits
 * no longer than the deadline of one exchange. Safe for use by several threads.
 *
 * <p>On a cluster, counters of different addresses, users and headers lie in different slots: their calls travel side by
 * side, and what one part charged is given back if another refuses.
 */
public final class LimitEngine {
    /** How often a node is to note itself. */
    public static final Duration NODE_INTERVAL = NodeRegistry.INTERVAL;

    private static final System.Logger LOG = System.getLogger(LimitEngine.class.getName());

    private final Redis redis;
    private final ClientAddressResolver addresses;
    private final Supplier<RuleSet> rules;
    private final Function<String, List<String>> userTags;
    private final boolean oneSlot;
    private final Refunds refunds;
    private final KnownSessions sessions;
    private final CounterKeys counterKeys;
    private final CounterInspector counterInspector;
    private final NodeRegistry nodeRegistry;
    private final LocalLimiter local;
    private final TokenPrefetch tokenPrefetch;
    private final RefusalCache blocked;
    private final Map<String, RuleCounters> counters = new ConcurrentHashMap<>();

    /**
     * Puts the parts together.
     *
     * @param cluster whether keys lie in slots
     * @param rules gives the rules that hold now
     * @param userTags from the name of a user to what may stand for him in {@link RateLimitRequest#userTag}, the newest first
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
        this.counterKeys = new CounterKeys(keys, keyPrefix, application);
        this.counterInspector = new CounterInspector(redis, counterKeys, rules);
        this.nodeRegistry = new NodeRegistry(redis, keyPrefix, application);
        this.local = new LocalLimiter(clock, nodeRegistry::size);
        this.tokenPrefetch = new TokenPrefetch(nanoTime, nodeRegistry::size);
        this.blocked = new RefusalCache(nanoTime);
    }

    /** Begins to check a request against the rules that it meets; what has to be asked of Redis is put into a flight. */
    public RateLimitCheck begin(RateLimitRequest request, Pipeline pipeline) {
        if (rules.get().denies(request.address())) {
            return RateLimitCheck.denied(this);
        }
        return begin(met(request), request, true, pipeline);
    }

    private List<RateLimitRule> met(RateLimitRequest request) {
        RuleSet now = rules.get();
        return now.allows(request.address()) ? List.of() : now.matching(request.method(), request.path());
    }

    /** Begins to check whether the client of a request may create a session; the flight is the one that stores the session. */
    public RateLimitCheck beginSession(RateLimitRequest request, Pipeline pipeline) {
        RuleSet now = rules.get();
        return begin(
                now.allows(request.address()) ? List.of() : now.matchingSessions(request.method(), request.path()),
                request,
                false,
                pipeline);
    }

    private RateLimitCheck begin(
            Collection<RateLimitRule> met, RateLimitRequest request, boolean held, Pipeline pipeline) {
        List<CounterCharge> charges = new ArrayList<>(met.size());
        for (RateLimitRule rule : met) {
            CounterCharge charge = counterKeys.find(rule, RequestAttributes.of(request, rule.endpoint(request.path())));
            if (charge != null) {
                charges.add(charge);
            }
        }
        RateLimitCheck check = new RateLimitCheck(this);
        check.begin(charges, oneSlot, held, pipeline);
        return check;
    }

    /** Checks, and charges, a request against rules of these names, whatever its path; names that no rule has are ignored. */
    public LimitDecision check(RateLimitRequest request, Collection<String> names) {
        return decide(rule -> names.contains(rule.name()), request);
    }

    /**
     * Checks, and charges, an address against the rules that count by address alone and are for every path.
     *
     * @throws IllegalArgumentException if that is no address
     */
    public LimitDecision checkIp(String address) {
        RateLimitRequest request = request("", "/", addresses.parse(address), null);
        return decide(
                rule -> rule.isForEveryPath()
                        && !rule.countsSessions()
                        && rule.level().parts().stream().allMatch(LimitEngine::isAddress),
                request);
    }

    private static boolean isAddress(KeyExpression.Part part) {
        return part.kind() == KeyExpression.KeyPart.IP || part.kind() == KeyExpression.KeyPart.NETWORK;
    }

    /**
     * Checks, and charges, a user against the rules that count by user, with or without the endpoint, and are for it.
     *
     * @param endpoint a path, or any name of what the user is about to do
     */
    public LimitDecision checkUser(String user, String endpoint) {
        RateLimitRequest request =
                request("", endpoint, null, userTags.apply(user).get(0));
        return decide(rule -> rule.countsUsers() && !rule.countsSessions() && rule.matches(endpoint), request);
    }

    private static RateLimitRequest request(
            String method, String path, @Nullable ClientAddress address, @Nullable String user) {
        return new RateLimitRequest(method, path, address, user, header -> null);
    }

    private LimitDecision decide(Predicate<RateLimitRule> wanted, RateLimitRequest request) {
        Pipeline pipeline = new Pipeline();
        List<RateLimitRule> met = rules.get().rules().stream().filter(wanted).toList();
        RateLimitCheck check = begin(met, request, false, pipeline);
        redis.send(pipeline);
        return check.decision();
    }

    /**
     * How counters stand; charges nothing. One line for each rule of that level, and for each of its patterns where the rule
     * counts by endpoint too.
     *
     * @param scope a level, such as {@code ip} or {@code user+header:X-Tenant}
     * @param keys a value for each part of it, in the order of the scope
     * @throws IllegalArgumentException if the scope or a value is none
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    public List<RuleStatus> inspect(String scope, String... keys) {
        return counterInspector.counters(new CounterQuery(scope, keys, addresses, userTags));
    }

    /**
     * What would become of a request now; charges nothing.
     *
     * @param address of the client, or null
     * @param user who is logged in, or null
     * @param header gives the value of a header, or null
     * @throws IllegalArgumentException if that is no address
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
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
     * Forgets counters, so that what they count may begin anew: at once here, on other nodes within ten seconds.
     *
     * @return how many there were
     * @see #inspect for the parameters and exceptions
     */
    public int reset(String scope, String... keys) {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = new ArrayList<>();
        new CounterQuery(scope, keys, addresses, userTags).counters(rules.get(), (rule, requestAttributes) -> {
            for (CounterCharge counter : counterKeys.findAll(rule, requestAttributes)) {
                blocked.forget(counter);
                tokenPrefetch.forget(counter);
                local.reset(counter);
                replies.add(pipeline.add(CounterStore.reset(counter)));
            }
        });
        redis.send(pipeline);
        return replies.stream().mapToInt(response -> response.get().intValue()).sum();
    }

    /** What each rule has done on this node since it started, in the order of the rules. */
    public List<RuleStatistics> statistics() {
        return rules.get().rules().stream()
                .map(rule -> counters(rule).snapshot(rule.name()))
                .toList();
    }

    /** The rules that hold now. */
    public RuleSet rules() {
        return rules.get();
    }

    /** How many tokens this node holds that others cannot use; what may be used late. */
    public long leasedTokens() {
        return tokenPrefetch.outstanding();
    }

    /** Notes that this node lives, and counts the others; to be called every ten seconds. While Redis is away the last count holds. */
    public void noteNode() {
        try {
            nodeRegistry.note();
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "nodes could not be counted: {0}", e.getMessage());
        }
    }

    /**
     * The applications that share this Redis and the prefix of its keys, by name.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    public List<ApplicationInfo> applications() {
        return nodeRegistry.applications();
    }

    /** Whether a request meets a rule that counts by user. */
    boolean countsUsers(RateLimitRequest request) {
        return met(request).stream().anyMatch(RateLimitRule::countsUsers);
    }

    /** Begins to check a request against those of its rules that count by user. */
    RateLimitCheck beginUsers(RateLimitRequest request, Pipeline pipeline) {
        return begin(met(request).stream().filter(RateLimitRule::countsUsers).toList(), request, true, pipeline);
    }

    void send(Pipeline pipeline) {
        if (!pipeline.isEmpty()) {
            redis.send(pipeline);
        }
    }

    void refund(List<CounterCharge> charges) {
        charges.stream().filter(charge -> charge.tokens() > 0).forEach(blocked::forget);
        refunds.send(charges);
    }

    KnownSessions sessions() {
        return sessions;
    }

    RuleCounters counters(RateLimitRule rule) {
        return counters.computeIfAbsent(rule.name(), any -> new RuleCounters());
    }

    RefusalCache blocked() {
        return blocked;
    }

    TokenPrefetch leases() {
        return tokenPrefetch;
    }

    LocalLimiter local() {
        return local;
    }
}
