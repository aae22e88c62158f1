package io.gatehouse.internal.ratelimit;

import io.gatehouse.ratelimit.CounterStatus;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RuleStatistics;
import java.util.List;

/** The part of a {@link LimitEngine} that applications may use. Thread-safe. */
public final class DefaultRateLimiter implements RateLimiter {
    private final LimitEngine engine;

    public DefaultRateLimiter(LimitEngine engine) {
        this.engine = engine;
    }

    @Override
    public Decision checkIp(String address) {
        return Decisions.of(engine.checkIp(address));
    }

    @Override
    public Decision checkUser(String user, String endpoint) {
        return Decisions.of(engine.checkUser(user, endpoint));
    }

    @Override
    public List<CounterStatus> inspect(String scope, String... keys) {
        return Decisions.counters(engine.inspect(scope, keys));
    }

    @Override
    public int reset(String scope, String... keys) {
        return engine.reset(scope, keys);
    }

    @Override
    public List<RuleStatistics> statistics() {
        return engine.statistics();
    }
}
