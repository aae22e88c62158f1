package io.gatehouse.internal.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several calls that are sent together, in one round trip to each server involved; round trips to several servers run in
 * parallel. No call may depend on another's effect: a script that the server does not know, and a call to a slot that has moved, are sent
 * again after the others have run. Not thread-safe; can be sent once.
 */
public final class Pipeline {
    private final List<RedisCall<?>> redisCalls = new ArrayList<>();
    private final List<Response<?>> responses = new ArrayList<>();
    private int replicas;
    private @Nullable Integer replicasAcknowledged;

    /** Adds a call. The response has a value after {@link Redis#send}. */
    public <T> Response<T> add(RedisCall<T> redisCall) {
        Response<T> response = new Response<>(redisCall);
        redisCalls.add(redisCall);
        responses.add(response);
        return response;
    }

    /**
     * Makes every master involved wait until the given number of its replicas has received all of the pipeline's writes
     * ({@code WAIT}), at most for half of the time left before the deadline. The writes have taken effect even if too few
     * replicas acknowledge.
     */
    public void waitForReplicas(int wanted) {
        replicas = wanted;
    }

    /**
     * Returns the number of replicas that acknowledged all writes, the smallest number among the masters involved; 0 if the
     * pipeline was not sent or did not wait for replicas.
     */
    public synchronized int replicasAcknowledged() {
        return replicasAcknowledged == null ? 0 : replicasAcknowledged;
    }

    /** Records the acknowledgements at one more master. */
    public synchronized void replicasAcknowledgedBy(int count) {
        replicasAcknowledged = replicasAcknowledged == null ? count : Math.min(replicasAcknowledged, count);
    }

    /** Returns the number of replicas to wait for at every master, 0 for none. */
    public int replicas() {
        return replicas;
    }

    public boolean isEmpty() {
        return redisCalls.isEmpty();
    }

    /** Returns the calls in the order in which they were added. */
    public List<RedisCall<?>> calls() {
        return redisCalls;
    }

    /** Returns the response to the call at a position. */
    public Response<?> response(int index) {
        return responses.get(index);
    }
}
