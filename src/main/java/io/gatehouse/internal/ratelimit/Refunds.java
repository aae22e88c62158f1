package io.gatehouse.internal.ratelimit;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Refunds tokens to the counters in Redis, in one round trip. If Redis is unavailable, the tokens stay charged: the counters then
 * count too much, never too little. Thread-safe.
 */
final class Refunds {
    private static final System.Logger LOG = System.getLogger(Refunds.class.getName());

    private final Redis redis;
    private final boolean oneSlot;

    Refunds(Redis redis, boolean oneSlot) {
        this.redis = redis;
        this.oneSlot = oneSlot;
    }

    void send(List<CounterCharge> charges) {
        if (charges.isEmpty()) {
            return;
        }
        Map<String, List<CounterCharge>> bySlot = new LinkedHashMap<>();
        charges.forEach(charge -> bySlot.computeIfAbsent(oneSlot ? "" : charge.slotGroup(), any -> new ArrayList<>())
                .add(charge));
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = new ArrayList<>();
        bySlot.values().forEach(group -> replies.add(pipeline.add(CounterStore.refund(group))));
        redis.send(pipeline);
        for (Response<Long> response : replies) {
            try {
                Long unused = response.get();
            } catch (GatehouseException e) {
                LOG.log(System.Logger.Level.DEBUG, "cannot refund tokens, they stay charged: {0}", e.getMessage());
            }
        }
    }
}
