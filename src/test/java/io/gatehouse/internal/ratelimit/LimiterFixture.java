package io.gatehouse.internal.ratelimit;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.rules.TestRule;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node with rules, for tests; the node's own clock is moved by hand. */
public final class LimiterFixture {
    public static final String KEYS = "n1:" + App.randomKey();

    /** The node's own clock; the clock of Redis keeps running. */
    public final AtomicLong nanos = new AtomicLong();

    final Redis redis;
    public final LimitEngine limiter;
    private volatile List<RateLimitRule> rules = new ArrayList<>();
    private volatile List<String> allow = List.of();
    private volatile List<String> deny = List.of();

    public LimiterFixture(Redis redis, RateLimitRule... rules) {
        this(redis, false, rules);
    }

    LimiterFixture(Redis redis, boolean cluster, RateLimitRule... rules) {
        this.redis = redis;
        this.rules = List.of(rules);
        InstantSource clock = () -> Instant.ofEpochSecond(1_790_000_000).plusNanos(nanos.get());
        this.limiter = new LimitEngine(
                redis,
                cluster,
                Keys.ring(KEYS),
                "gatehouse",
                "app",
                new ClientAddressResolver(ClientAddressSettings.from(new Config(List.of()))),
                () -> new RuleSet(this.rules, allow, deny),
                user -> List.of("tag of " + user),
                clock,
                nanos::get);
    }

    /** Connects with a deadline that even an overloaded machine meets, because requests are allowed while Redis is unavailable. */
    public static RedisConnections connect(String url) {
        return Connections.with(
                Map.of("REDIS_RATE_LIMIT_URL", url, "GATEHOUSE_REDIS_DEADLINE", "10s"),
                EnumSet.of(RedisPurpose.RATE_LIMIT));
    }

    void rules(RateLimitRule... others) {
        rules = List.of(others);
    }

    void lists(List<String> allowed, List<String> denied) {
        allow = allowed;
        deny = denied;
    }

    public static RateLimitRule rule(String name, String level, String limit) {
        return TestRule.of(name, level, limit).build();
    }

    public static RateLimitRule with(RateLimitRule rule, RateLimitRule.OnRedisFailure onRedisFailure) {
        return TestRule.from(rule).onRedisFailure(onRedisFailure).build();
    }

    public static RateLimitRule with(RateLimitRule rule, RateLimitRule.Mode mode) {
        return TestRule.from(rule).mode(mode).build();
    }

    public static RateLimitRule costing(RateLimitRule rule, long cost) {
        return TestRule.from(rule).cost(cost).build();
    }

    public static RateLimitRule countingFailures(RateLimitRule rule) {
        return TestRule.from(rule).failures(401, 403).build();
    }

    static RateLimitRule leased(RateLimitRule rule) {
        return TestRule.from(rule).lease(RateLimitRule.Lease.ALWAYS).build();
    }

    public static RateLimitRequest request(String address) {
        return request(address, null);
    }

    public static RateLimitRequest request(String address, @Nullable String userTag) {
        return new RateLimitRequest("GET", "/page", ClientAddress.parse(address), userTag, header -> null);
    }

    /** Makes a whole decision, as the filter does. */
    public RateLimitCheck check(RateLimitRequest request) {
        Pipeline pipeline = new Pipeline();
        RateLimitCheck check = limiter.begin(request, pipeline);
        redis.send(pipeline);
        LimitDecision unused = check.decision();
        return check;
    }

    boolean allows(RateLimitRequest request) {
        return check(request).decision() instanceof LimitDecision.Allowed;
    }
}
