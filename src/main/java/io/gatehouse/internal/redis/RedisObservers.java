package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several observers as one. A broken observer does not keep the others from being notified. Thread-safe. */
public final class RedisObservers implements RedisObserver {
    private static final System.Logger LOG = System.getLogger(RedisObservers.class.getName());

    private final List<RedisObserver> observers;

    public RedisObservers(RedisObserver... observers) {
        this.observers = List.of(observers);
    }

    @Override
    public void exchanged(RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault) {
        for (int i = 0; i < observers.size(); i++) {
            try {
                observers.get(i).exchanged(redisPurpose, operation, nanos, fault);
            } catch (RuntimeException e) {
                log(e);
            }
        }
    }

    @Override
    public boolean wantsDetails() {
        for (int i = 0; i < observers.size(); i++) {
            if (observers.get(i).wantsDetails()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void exchanged(Exchange exchange) {
        for (int i = 0; i < observers.size(); i++) {
            try {
                observers.get(i).exchanged(exchange);
            } catch (RuntimeException e) {
                log(e);
            }
        }
    }

    @Override
    public Runnable inContext(Runnable exchange) {
        Runnable wrapped = exchange;
        for (int i = 0; i < observers.size(); i++) {
            wrapped = observers.get(i).inContext(wrapped);
        }
        return wrapped;
    }

    private static void log(RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "An observer of Redis exchanges failed.", e);
    }
}
