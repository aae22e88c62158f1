package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisObserver;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the time that the request of a thread spends in exchanges with Redis, while {@link ServerTiming} measures a part of it. Exchanges
 * that run in parallel on other threads are added up as well. Thread-safe.
 */
public final class RedisTime implements RedisObserver {
    private static final ThreadLocal<@Nullable LongAdder> CURRENT = new ThreadLocal<>();

    /** Adds the exchanges of this thread to a sum from now on, or to none. Returns the sum before. */
    @Nullable
    LongAdder addTo(@Nullable LongAdder sum) {
        LongAdder before = CURRENT.get();
        if (sum == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(sum);
        }
        return before;
    }

    @Override
    public void exchanged(RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault) {
        LongAdder sum = CURRENT.get();
        if (sum != null) {
            sum.add(nanos);
        }
    }

    @Override
    public Runnable inContext(Runnable exchange) {
        LongAdder sum = CURRENT.get();
        if (sum == null) {
            return exchange;
        }
        return () -> {
            LongAdder before = addTo(sum);
            try {
                exchange.run();
            } finally {
                LongAdder unused = addTo(before);
            }
        };
    }
}
