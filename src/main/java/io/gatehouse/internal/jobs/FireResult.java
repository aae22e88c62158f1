package io.gatehouse.internal.jobs;

import io.gatehouse.internal.redis.ReplyReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call for a fire time of a cron expression. Immutable.
 *
 * @param settled whether the fire time needs no further call; false if it has not come, or the queue is full
 * @param redisTime the clock of Redis if the fire time has not come by it, else null
 */
record FireResult(boolean settled, @Nullable Instant redisTime) {

    static FireResult of(ReplyReader reply) {
        if (reply.isList()) {
            return new FireResult(false, Instant.ofEpochMilli(reply.list().number()));
        }
        return new FireResult(!reply.oneOf("submitted", "not now", "full").equals("full"), null);
    }
}
