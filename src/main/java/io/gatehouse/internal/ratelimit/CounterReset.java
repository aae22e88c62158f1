package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Resets counters: in Redis, in one round trip, and in everything that this node remembers about them. Other nodes notice within {@link
 * RefusalCache#LONGEST}. Thread-safe.
 */
final class CounterReset {
    private final Redis redis;
    private final CounterKeys counterKeys;
    private final Supplier<RuleSet> rules;
    private final RefusalCache refusalCache;
    private final TokenPrefetch tokenPrefetch;
    private final LocalLimiter local;

    CounterReset(
            Redis redis,
            CounterKeys counterKeys,
            Supplier<RuleSet> rules,
            RefusalCache refusalCache,
            TokenPrefetch tokenPrefetch,
            LocalLimiter local) {
        this.redis = redis;
        this.counterKeys = counterKeys;
        this.rules = rules;
        this.refusalCache = refusalCache;
        this.tokenPrefetch = tokenPrefetch;
        this.local = local;
    }

    /** Resets the counters that a query names; returns how many existed in Redis. */
    int reset(CounterQuery query) {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = new ArrayList<>();
        query.counters(rules.get(), (rule, requestAttributes) -> {
            for (CounterCharge counter : counterKeys.findAll(rule, requestAttributes)) {
                refusalCache.forget(counter);
                tokenPrefetch.forget(counter);
                local.reset(counter);
                replies.add(pipeline.add(CounterStore.reset(counter)));
            }
        });
        redis.send(pipeline);
        return replies.stream().mapToInt(response -> response.get().intValue()).sum();
    }
}
