package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Hears what other nodes change, and knows how far this one may be behind. Every message has a number that Redis gives, one
 * sequence for each bucket. A number that is left out, a connection that was lost and a number that Redis has and no message
 * brought all mean that something was missed: nothing that is in the first level is trusted from then on. The numbers are
 * read by a beat each second, which also notes that this node lives. Commands: {@code SUBSCRIBE}, {@code MGET}, {@code beat.lua}
 * (ZADD, ZREMRANGEBYSCORE, ZCARD, PUBLISH). Safe for use by several threads.
 */
final class InvalidationTracker implements ChannelListener {
    /** How often the beat is to be. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Script BEAT = Script.load(InvalidationTracker.class, "beat.lua", true);
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);
    private static final long UNKNOWN = -1;
    /** Redis has no number yet, or has forgotten it. */
    private static final long NONE = 0;

    private static final System.Logger LOG = System.getLogger(InvalidationTracker.class.getName());

    private final Redis redis;
    private final CacheKeys keys;
    private final String node;
    private final Consumer<InvalidationMessage> invalidation;
    private final Executor acknowledging;
    private final LongSupplier nanoTime;
    private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

    private final long[] heard = new long[CacheKeys.BUCKETS];
    private final long[] before = new long[CacheKeys.BUCKETS];
    private long beatBefore;
    private boolean beaten;
    private volatile boolean connected;
    private final AtomicLong generation = new AtomicLong(1);
    private volatile long currentAt;
    private final AtomicLong gaps = new AtomicLong();
    /** How many of the nodes this one is. */
    private volatile int self = 1;

    private volatile int nodes = 1;

    /**
     * Not connected yet.
     *
     * @param invalidation told what was invalidated, by any node; must not wait
     * @param acknowledging runs what may wait
     */
    InvalidationTracker(
            Redis redis,
            CacheKeys keys,
            String node,
            Consumer<InvalidationMessage> invalidation,
            Executor acknowledging,
            LongSupplier nanoTime) {
        this.redis = redis;
        this.keys = keys;
        this.node = node;
        this.invalidation = invalidation;
        this.acknowledging = acknowledging;
        this.nanoTime = nanoTime;
        this.currentAt = nanoTime.getAsLong();
        Arrays.fill(heard, UNKNOWN);
    }

    String node() {
        return node;
    }

    /** Entries of an earlier one are not trusted. */
    long generation() {
        return generation.get();
    }

    /** How old an invalidation can be that this node has not heard of. */
    Duration staleness() {
        return Duration.ofNanos(nanoTime.getAsLong() - currentAt);
    }

    boolean isConnected() {
        return connected;
    }

    /** How many times something was missed. */
    long gaps() {
        return gaps.get();
    }

    /** How many nodes live, this one included if it is one. */
    int nodes() {
        return nodes;
    }

    /**
     * From now on this process is no node, and counts those that are.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    void visit() {
        self = 0;
        nodes = redis.send(heartbeat("", ""));
    }

    @Override
    public synchronized void connected() {
        connected = true;
        bumpGeneration();
        beaten = false;
        Arrays.fill(heard, UNKNOWN);
    }

    @Override
    public synchronized void lost() {
        connected = false;
        gaps.incrementAndGet();
        bumpGeneration();
    }

    @Override
    public void received(byte[] bytes) {
        InvalidationMessage.Numbered numbered = InvalidationMessage.read(bytes);
        if (numbered == null) {
            return; // somebody else's
        }
        InvalidationMessage invalidationMessage = numbered.message();
        if (invalidationMessage.kind() == InvalidationMessage.Kind.ACK) {
            CountDownLatch latch = awaited.get(invalidationMessage.request());
            if (latch != null) {
                latch.countDown();
            }
            return;
        }
        count(numbered, invalidationMessage.bucket());
        invalidation.accept(invalidationMessage);
        if (self > 0
                && !invalidationMessage.request().isEmpty()
                && !invalidationMessage.node().equals(node)) {
            acknowledging.execute(() -> acknowledge(invalidationMessage.request()));
        }
    }

    private synchronized void count(InvalidationMessage.Numbered numbered, int bucket) {
        long last = heard[bucket];
        if (last == UNKNOWN) {
            return; // the next beat says where we are
        }
        long sequence = numbered.sequence();
        if (numbered.first() ? last != NONE : sequence > last + 1) {
            onGap();
        }
        heard[bucket] = Math.max(last, sequence);
        noteCurrent();
    }

    /** Asks for the numbers, and notes that this node lives. */
    void heartbeat() {
        long now = nanoTime.getAsLong();
        long[] numbers = new long[CacheKeys.BUCKETS];
        try {
            Pipeline pipeline = new Pipeline();
            Response<Integer> living = pipeline.add(heartbeat(node, ""));
            List<Response<Long>> replies = new ArrayList<>();
            for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
                replies.add(pipeline.add(RedisCall.mget(
                        RedisPurpose.CACHE,
                        List.of(keys.sequence(bucket)),
                        reply -> reply.list().storedNumber(NONE))));
            }
            redis.send(pipeline);
            nodes = Math.max(1, living.get());
            for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
                numbers[bucket] = replies.get(bucket).get();
            }
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "the cache does not know how far it is behind: {0}", e.getMessage());
            return;
        }
        compare(numbers, now);
    }

    private synchronized void compare(long[] numbers, long now) {
        if (!connected) {
            return;
        }
        boolean gap = false;
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            if (heard[bucket] == UNKNOWN) {
                heard[bucket] = numbers[bucket];
            } else if (numbers[bucket] < heard[bucket] && beaten && numbers[bucket] < before[bucket]) {
                gap = true; // Redis has forgotten: evicted, flushed, or a replica that was behind has become master
                heard[bucket] = numbers[bucket];
            } else if (beaten && before[bucket] > heard[bucket]) {
                gap = true; // a whole beat later its message is still not here
                heard[bucket] = numbers[bucket];
            }
        }
        if (gap) {
            onGap();
        }
        System.arraycopy(numbers, 0, before, 0, numbers.length);
        beatBefore = now;
        beaten = true;
        noteCurrent();
    }

    /** When everything that the last beat knew of has been heard, this node is as current as that beat. */
    private void noteCurrent() {
        if (!beaten) {
            return;
        }
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            if (heard[bucket] < before[bucket]) {
                return;
            }
        }
        currentAt = beatBefore;
    }

    private void onGap() {
        gaps.incrementAndGet();
        bumpGeneration();
        LOG.log(
                System.Logger.Level.INFO,
                "a message of the cache was missed: entries in the process are not trusted any more");
    }

    private void bumpGeneration() {
        generation.incrementAndGet();
    }

    /** To be called before a request for an answer is sent. */
    void expect(String request) {
        awaited.put(request, new CountDownLatch(Math.max(0, nodes - self)));
    }

    /** How many nodes have heard, this one included if it is one, after waiting no longer than that. */
    int confirmed(String request, Duration atMost) {
        CountDownLatch latch = awaited.get(request);
        if (latch == null) {
            return self;
        }
        int others = nodes - self;
        try {
            boolean unused = latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            awaited.remove(request);
        }
        return self + Math.max(0, others - (int) latch.getCount());
    }

    private void acknowledge(String request) {
        InvalidationMessage ack = new InvalidationMessage(0, node, request, InvalidationMessage.Kind.ACK, "-", "-");
        try {
            redis.send(heartbeat("", "0 " + ack.text()));
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "an invalidation could not be confirmed: {0}", e.getMessage());
        }
    }

    private RedisCall<Integer> heartbeat(String noted, String message) {
        return BEAT.on(RedisPurpose.CACHE)
                .keys(keys.nodes())
                .args(args ->
                        args.text(noted).millis(SILENCE).text(keys.channel()).text(message))
                .reply(ReplyReader::count);
    }
}
