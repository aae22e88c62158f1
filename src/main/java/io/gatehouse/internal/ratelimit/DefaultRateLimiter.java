package io.gatehouse.internal.ratelimit;

import io.gatehouse.ratelimit.BlockedClient;
import io.gatehouse.ratelimit.CounterStatus;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RuleStatistics;
import java.util.List;
import java.util.function.Consumer;

/** The {@link RateLimiter} of applications, backed by the {@link LimitEngine}. Thread-safe. */
public final class DefaultRateLimiter implements RateLimiter {
    private final LimitEngine engine;
    private final Consumer<String> accounts;

    /**
     * Creates the rate limiter of an application.
     *
     * @param accounts forgets the failed logins of an account, given as its keyed hash
     */
    public DefaultRateLimiter(LimitEngine engine, Consumer<String> accounts) {
        this.engine = engine;
        this.accounts = accounts;
    }

    @Override
    public Decision checkIp(String address) {
        return engine.checkIp(address).toDecision();
    }

    @Override
    public Decision checkUser(String user, String endpoint) {
        return engine.checkUser(user, endpoint).toDecision();
    }

    @Override
    public List<CounterStatus> inspect(String scope, String... keys) {
        return engine.inspect(scope, keys).stream()
                .map(RuleStatus::toCounterStatus)
                .toList();
    }

    @Override
    public int reset(String scope, String... keys) {
        return engine.reset(scope, keys);
    }

    @Override
    public List<BlockedClient> blocked(int limit) {
        return engine.blocked().list(limit);
    }

    @Override
    public boolean release(String counter) {
        return engine.release(counter, accounts);
    }

    @Override
    public List<RuleStatistics> statistics() {
        return engine.statistics();
    }

    @Override
    public List<RuleStatistics> clusterStatistics() {
        return engine.clusterStatistics();
    }
}
