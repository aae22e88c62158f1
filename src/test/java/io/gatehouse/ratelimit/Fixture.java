package io.gatehouse.ratelimit;

import io.gatehouse.config.Config;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisConnections;
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

/** Rules and a node that keeps them, for tests; the time that only this node knows is moved by hand. */
final class Fixture {
    static final String KEYS = "n1:" + App.randomKey();

    /** This node's own time: that of Redis goes on by itself. */
    final AtomicLong nanos = new AtomicLong();

    final Redis redis;
    final LimitEngine limiter;
    private volatile List<RateLimitRule> rules = new ArrayList<>();

    Fixture(Redis redis, RateLimitRule... rules) {
        this(redis, false, rules);
    }

    Fixture(Redis redis, boolean cluster, RateLimitRule... rules) {
        this.redis = redis;
        this.rules = List.of(rules);
        InstantSource clock = () -> Instant.ofEpochSecond(1_790_000_000).plusNanos(nanos.get());
        this.limiter = new LimitEngine(
                redis,
                cluster,
                Keys.ring(KEYS),
                "gatehouse",
                "app",
                new ClientAddresses(AddressSettings.from(new Config(List.of()))),
                () -> new RuleSet(this.rules, List.of(), List.of()),
                user -> List.of("tag of " + user),
                clock,
                nanos::get);
    }

    /** With a deadline that even a machine with too much to do will meet: what is away is let through. */
    static RedisConnections connect(String url) {
        return Connections.with(
                Map.of("REDIS_RATE_LIMIT_URL", url, "GATEHOUSE_REDIS_DEADLINE", "10s"), EnumSet.of(Purpose.RATE_LIMIT));
    }

    void rules(RateLimitRule... others) {
        rules = List.of(others);
    }

    static RateLimitRule rule(String name, String level, String limit) {
        return TestRule.of(name, level, limit).build();
    }

    static RateLimitRule with(RateLimitRule rule, RateLimitRule.Away onRedisFailure) {
        return TestRule.from(rule).onRedisFailure(onRedisFailure).build();
    }

    static RateLimitRule with(RateLimitRule rule, RateLimitRule.Mode mode) {
        return TestRule.from(rule).mode(mode).build();
    }

    static RateLimitRule costing(RateLimitRule rule, long cost) {
        return TestRule.from(rule).cost(cost).build();
    }

    static RateLimitRule countingFailures(RateLimitRule rule) {
        return TestRule.from(rule).failures(401, 403).build();
    }

    static RateLimitRule leased(RateLimitRule rule) {
        return TestRule.from(rule).lease().build();
    }

    static RateLimitRequest request(String address) {
        return request(address, null);
    }

    static RateLimitRequest request(String address, @Nullable String userTag) {
        return new RateLimitRequest("GET", "/page", ClientAddress.parse(address), userTag, header -> null);
    }

    /** A whole decision, as the filter does it. */
    RateLimitCheck check(RateLimitRequest request) {
        Flight flight = new Flight();
        RateLimitCheck check = limiter.begin(request, flight);
        redis.send(flight);
        LimitDecision unused = check.decision();
        return check;
    }

    boolean allows(RateLimitRequest request) {
        return check(request).decision() instanceof LimitDecision.Allowed;
    }
}
