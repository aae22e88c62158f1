package io.gatehouse.internal.jobs;

import io.gatehouse.internal.redis.ReplyReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call for a fire time of a cron expression. Immutable.
 *
 * @param submitted whether this call has added a run to the queue
 * @param settled whether the fire time needs no further call; false if it has not come, or the queue is full
 * @param redisTime the clock of Redis if the fire time has not come by it, else null
 */
record FireResult(
        boolean submitted, boolean settled, @Nullable Instant redisTime) {

    static FireResult of(ReplyReader reply) {
        if (reply.isList()) {
            return new FireResult(
                    false, false, Instant.ofEpochMilli(reply.list().number()));
        }
        String outcome = reply.oneOf("submitted", "not now", "full");
        return new FireResult(outcome.equals("submitted"), !outcome.equals("full"), null);
    }
}
