package io.gatehouse.internal.session;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Connections that run actions of a test between the replies of Redis and their effects, or lose the replies. Thread-safe. */
final class SteppedRedis {
    private final Queue<Consumer<Pipeline>> steps = new ConcurrentLinkedQueue<>();
    private final Redis redis;

    SteppedRedis(Redis redis) {
        this.redis = (Redis) Proxy.newProxyInstance(
                Redis.class.getClassLoader(), new Class<?>[] {Redis.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(redis, arguments);
                        Consumer<Pipeline> step = arguments[0] instanceof Pipeline ? steps.poll() : null;
                        if (step != null) {
                            step.accept((Pipeline) arguments[0]);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Returns the connections. */
    Redis connections() {
        return redis;
    }

    /** Runs an action once, after the next pipeline has its replies, and before its sender sees them. */
    void afterNext(Runnable action) {
        steps.add(pipeline -> action.run());
    }

    /** Loses the replies to the next pipeline, which Redis has executed. */
    void loseNextReplies() {
        steps.add(pipeline -> {
            for (int call = 0; call < pipeline.calls().size(); call++) {
                pipeline.response(call).complete(new RedisUnavailableException(Reason.TIMEOUT, "no reply", null));
            }
        });
    }
}
