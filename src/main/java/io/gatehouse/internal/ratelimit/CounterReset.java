package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
    private final BlockedClients blocked;

    CounterReset(
            Redis redis,
            CounterKeys counterKeys,
            Supplier<RuleSet> rules,
            RefusalCache refusalCache,
            TokenPrefetch tokenPrefetch,
            LocalLimiter local,
            BlockedClients blocked) {
        this.redis = redis;
        this.counterKeys = counterKeys;
        this.rules = rules;
        this.refusalCache = refusalCache;
        this.tokenPrefetch = tokenPrefetch;
        this.local = local;
        this.blocked = blocked;
    }

    /** Resets the counters that a query names; returns how many existed in Redis. */
    int reset(CounterQuery query) {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        query.counters(rules.get(), (rule, requestAttributes) -> {
            for (CounterCharge counter : counterKeys.findAll(rule, requestAttributes)) {
                forget(counter.id());
                ids.add(counter.id());
                replies.add(pipeline.add(CounterStore.reset(counter.name().key())));
            }
        });
        blocked.remove(ids, pipeline);
        redis.send(pipeline);
        return replies.stream().mapToInt(response -> response.get().intValue()).sum();
    }

    /**
     * Resets a counter of the list of blocked clients; returns whether it was in the list.
     *
     * @param accounts forgets the failed logins of an account, given as its keyed hash
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    boolean release(String id, Consumer<String> accounts) {
        BlockedCounter counter = blocked.find(id);
        if (counter == null) {
            return false;
        }
        Pipeline pipeline = new Pipeline();
        blocked.remove(List.of(id), pipeline);
        if (counter.isAccount()) {
            accounts.accept(id);
            redis.send(pipeline);
        } else {
            forget(id);
            Response<Long> reset = pipeline.add(CounterStore.reset(counterKeys.key(counter.slotGroup(), id)));
            redis.send(pipeline);
            Long unused = reset.get(); // throws if Redis did not answer
        }
        return true;
    }

    private void forget(String id) {
        refusalCache.forget(id);
        tokenPrefetch.forget(id);
        local.forget(id);
    }
}
