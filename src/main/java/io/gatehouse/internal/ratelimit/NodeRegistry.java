package io.gatehouse.internal.ratelimit;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The registry of the nodes of an application. While Redis is unavailable, limits are divided by the number of nodes that the last
 * heartbeat counted. A heartbeat registers this node with {@code nodes.lua} (TIME, ZADD, ZREMRANGEBYSCORE, PEXPIRE, ZCARD) and its
 * application with {@code application.lua} (the same and ZRANGEBYSCORE). {@code living.lua} (TIME, ZCOUNT) counts the nodes of other
 * applications. Thread-safe.
 */
final class NodeRegistry {
    /** The time between two heartbeats of a node. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(NodeRegistry.class.getName());
    private static final Script NODES = Script.load(NodeRegistry.class, "nodes.lua", true);
    private static final Script APPLICATION = Script.load(NodeRegistry.class, "application.lua", true);
    private static final Script COUNT_ALIVE = Script.load(NodeRegistry.class, "living.lua", true);
    /** An application is forgotten after days, so that it need not be registered each time. */
    private static final int HEARTBEATS_PER_REGISTRATION = 6;
    /** A node without a heartbeat for this long does not count. */
    private static final Duration NODE_TIMEOUT = INTERVAL.multipliedBy(4);
    /** An application without a heartbeat for this long is forgotten. */
    private static final Duration APPLICATION_TIMEOUT = Duration.ofDays(7);

    private final Redis redis;
    private final String keyPrefix;
    private final String application;
    private final String node = UUID.randomUUID().toString();
    private final AtomicInteger untilRegistration = new AtomicInteger();
    /** 0 before the first heartbeat that succeeded. */
    private volatile int counted;

    NodeRegistry(Redis redis, String keyPrefix, String application) {
        this.redis = redis;
        this.keyPrefix = keyPrefix;
        this.application = application;
    }

    /**
     * Registers this node and updates the counted nodes. Never throws because Redis is unavailable; the previous size then stays.
     *
     * @param blocked adds the blocked clients to the same round trip, and returns what is run after it
     * @param statistics adds the statistics of the node
     */
    void heartbeat(Function<Pipeline, Runnable> blocked, Consumer<Pipeline> statistics) {
        Pipeline pipeline = new Pipeline();
        Response<Integer> nodes = pipeline.add(NODES.on(RedisPurpose.RATE_LIMIT)
                .keys(nodes(application))
                .args(args -> args.text(node).millis(NODE_TIMEOUT))
                .reply(ReplyReader::count));
        boolean registers = untilRegistration.get() <= 0;
        Response<List<String>> registered = registers ? pipeline.add(applications(application)) : null;
        Runnable sent = blocked.apply(pipeline);
        statistics.accept(pipeline);
        redis.send(pipeline);
        sent.run();
        try {
            counted = Math.max(1, nodes.get());
            if (registered != null) {
                registered.get();
            }
            untilRegistration.set(registers ? HEARTBEATS_PER_REGISTRATION - 1 : untilRegistration.get() - 1);
        } catch (GatehouseException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "cannot count the nodes, keeping the previous count: {0}",
                    e.getMessage());
        }
    }

    /**
     * Returns the applications that share this Redis, in the order of their names. Two round trips.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<ApplicationInfo> applications() {
        List<String> namesAndTimes = redis.send(applications(""));
        Pipeline counting = new Pipeline();
        List<Response<Integer>> counts = new ArrayList<>();
        for (int i = 0; i + 1 < namesAndTimes.size(); i += 2) {
            counts.add(counting.add(COUNT_ALIVE
                    .on(RedisPurpose.RATE_LIMIT)
                    .keys(nodes(namesAndTimes.get(i)))
                    .args(args -> args.millis(NODE_TIMEOUT))
                    .reply(ReplyReader::count)));
        }
        redis.send(counting);
        List<ApplicationInfo> known = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            Instant seen = Instant.ofEpochMilli((long) Double.parseDouble(namesAndTimes.get(2 * i + 1)));
            known.add(
                    new ApplicationInfo(namesAndTimes.get(2 * i), counts.get(i).get(), seen));
        }
        known.sort((a, b) -> a.name().compareTo(b.name()));
        return known;
    }

    private RedisCall<List<String>> applications(String registered) {
        return APPLICATION
                .on(RedisPurpose.RATE_LIMIT)
                .keys(keyPrefix + ":{applications}")
                .args(args -> args.text(registered).millis(APPLICATION_TIMEOUT))
                .reply(ReplyReader::texts);
    }

    private String nodes(String ofApplication) {
        return keyPrefix + ":{r." + ofApplication + "}nodes";
    }

    /** Returns the random name of this node. */
    String node() {
        return node;
    }

    /** Returns the number of nodes that the last successful heartbeat counted; 1 before the first. */
    int size() {
        return Math.max(1, counted);
    }

    /** Returns the number of nodes that the last successful heartbeat counted; 0 before the first, when other nodes do not know this one. */
    int counted() {
        return counted;
    }
}
