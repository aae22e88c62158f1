package io.gatehouse.ratelimit;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import io.gatehouse.signing.KeyRing;
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
    public static final Duration NODE_INTERVAL = Fleet.INTERVAL;

    private static final System.Logger LOG = System.getLogger(LimitEngine.class.getName());

    private final Redis redis;
    private final ClientAddresses addresses;
    private final Supplier<RuleSet> rules;
    private final Function<String, List<String>> userTags;
    private final boolean oneSlot;
    private final Refunds refunds;
    private final KnownSessions sessions;
    private final Partitions partitions;
    private final Inspection inspection;
    private final Fleet fleet;
    private final LocalLimiter local;
    private final Leases leases;
    private final BlockedUntil blocked;
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
            ClientAddresses addresses,
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
        this.partitions = new Partitions(keys, keyPrefix, application);
        this.inspection = new Inspection(redis, partitions, rules);
        this.fleet = new Fleet(redis, keyPrefix, application);
        this.local = new LocalLimiter(clock, fleet::size);
        this.leases = new Leases(nanoTime, fleet::size);
        this.blocked = new BlockedUntil(nanoTime);
    }

    /** Begins to check a request against the rules that it meets; what has to be asked of Redis is put into a flight. */
    public RateLimitCheck begin(RateLimitRequest request, Flight flight) {
        if (rules.get().denies(request.address())) {
            return RateLimitCheck.denied(this);
        }
        return begin(met(request), request, true, flight);
    }

    private List<RateLimitRule> met(RateLimitRequest request) {
        RuleSet now = rules.get();
        return now.allows(request.address()) ? List.of() : now.matching(request.method(), request.path());
    }

    /** Begins to check whether the client of a request may create a session; the flight is the one that stores the session. */
    public RateLimitCheck beginSession(RateLimitRequest request, Flight flight) {
        RuleSet now = rules.get();
        return begin(
                now.allows(request.address()) ? List.of() : now.matchingSessions(request.method(), request.path()),
                request,
                false,
                flight);
    }

    private RateLimitCheck begin(Collection<RateLimitRule> met, RateLimitRequest request, boolean held, Flight flight) {
        List<CounterCharge> charges = new ArrayList<>(met.size());
        for (RateLimitRule rule : met) {
            CounterCharge charge = partitions.find(rule, Values.of(request, rule.endpoint(request.path())));
            if (charge != null) {
                charges.add(charge);
            }
        }
        RateLimitCheck check = new RateLimitCheck(this);
        check.begin(charges, oneSlot, held, flight);
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

    private static boolean isAddress(Level.Part part) {
        return part.kind() == Level.Kind.IP || part.kind() == Level.Kind.NETWORK;
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
        Flight flight = new Flight();
        List<RateLimitRule> met = rules.get().rules().stream().filter(wanted).toList();
        RateLimitCheck check = begin(met, request, false, flight);
        redis.send(flight);
        return check.decision();
    }

    /**
     * How counters stand; charges nothing. One line for each rule of that level, and for each of its patterns where the rule
     * counts by endpoint too.
     *
     * @param scope a level, such as {@code ip} or {@code user+header:X-Tenant}
     * @param keys a value for each part of it, in the order of the scope
     * @throws IllegalArgumentException if the scope or a value is none
     * @throws io.gatehouse.redis.RedisUnavailable if Redis cannot say
     */
    public List<Standing> inspect(String scope, String... keys) {
        return inspection.counters(new Scope(scope, keys, addresses, userTags));
    }

    /**
     * What would become of a request now; charges nothing.
     *
     * @param address of the client, or null
     * @param user who is logged in, or null
     * @param header gives the value of a header, or null
     * @throws IllegalArgumentException if that is no address
     * @throws io.gatehouse.redis.RedisUnavailable if Redis cannot say
     */
    public Explanation explain(
            String method,
            String path,
            @Nullable String address,
            @Nullable String user,
            Function<String, @Nullable String> header) {
        ClientAddress client = address == null ? null : addresses.parse(address);
        String tag = user == null ? null : userTags.apply(user).get(0);
        return inspection.explain(new RateLimitRequest(method, path, client, tag, header));
    }

    /**
     * Forgets counters, so that what they count may begin anew: at once here, on other nodes within ten seconds.
     *
     * @return how many there were
     * @see #inspect for the parameters and exceptions
     */
    public int reset(String scope, String... keys) {
        Flight flight = new Flight();
        List<Reply<Long>> replies = new ArrayList<>();
        new Scope(scope, keys, addresses, userTags).counters(rules.get(), (rule, values) -> {
            for (CounterCharge counter : partitions.findAll(rule, values)) {
                blocked.forget(counter);
                leases.forget(counter);
                local.reset(counter);
                replies.add(flight.add(CounterStore.reset(counter)));
            }
        });
        redis.send(flight);
        return replies.stream().mapToInt(reply -> reply.value().intValue()).sum();
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
        return leases.outstanding();
    }

    /** Notes that this node lives, and counts the others; to be called every ten seconds. While Redis is away the last count holds. */
    public void noteNode() {
        try {
            fleet.note();
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "nodes could not be counted: {0}", e.getMessage());
        }
    }

    /**
     * The applications that share this Redis and the prefix of its keys, by name.
     *
     * @throws io.gatehouse.redis.RedisUnavailable if Redis cannot say
     */
    public List<KnownApplication> applications() {
        return fleet.applications();
    }

    /** Whether a request meets a rule that counts by user. */
    boolean countsUsers(RateLimitRequest request) {
        return met(request).stream().anyMatch(RateLimitRule::countsUsers);
    }

    /** Begins to check a request against those of its rules that count by user. */
    RateLimitCheck beginUsers(RateLimitRequest request, Flight flight) {
        return begin(met(request).stream().filter(RateLimitRule::countsUsers).toList(), request, true, flight);
    }

    void send(Flight flight) {
        if (!flight.isEmpty()) {
            redis.send(flight);
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

    BlockedUntil blocked() {
        return blocked;
    }

    Leases leases() {
        return leases;
    }

    LocalLimiter local() {
        return local;
    }
}
