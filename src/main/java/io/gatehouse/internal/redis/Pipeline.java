package io.gatehouse.internal.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several calls that travel together: one round trip for each server they need, side by side where there are several.
 * Belongs to one thread and is sent once.
 */
public final class Pipeline {
    private final List<RedisCall<?>> redisCalls = new ArrayList<>();
    private final List<Response<?>> replies = new ArrayList<>();
    private int replicas;
    private @Nullable Integer replicasAcknowledged;

    /** Adds a call; its reply has a value after {@link Redis#send}. */
    public <T> Response<T> add(RedisCall<T> redisCall) {
        Response<T> response = new Response<>(redisCall);
        redisCalls.add(redisCall);
        replies.add(response);
        return response;
    }

    /**
     * Lets every master that it goes to wait until so many of its replicas have all of it ({@code WAIT}), for half of the
     * time that is left before the deadline at most. It has happened in any case.
     */
    public void waitForReplicas(int wanted) {
        replicas = wanted;
    }

    /** How many replicas have all of it, the fewest of any master that it went to; 0 if it went nowhere or nobody asked. */
    public synchronized int replicasAcknowledged() {
        return replicasAcknowledged == null ? 0 : replicasAcknowledged;
    }

    public synchronized void replicasAcknowledgedBy(int count) {
        replicasAcknowledged = replicasAcknowledged == null ? count : Math.min(replicasAcknowledged, count);
    }

    public int replicas() {
        return replicas;
    }

    public boolean isEmpty() {
        return redisCalls.isEmpty();
    }

    public List<RedisCall<?>> calls() {
        return redisCalls;
    }

    public Response<?> reply(int index) {
        return replies.get(index);
    }
}
