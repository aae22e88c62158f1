package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.Redis;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Receives the invalidation messages of all nodes, and knows how far the first level of this node may lag behind.
 *
 * <p>Pub/sub may lose messages. A {@link GapDetector} finds that out from the sequence numbers of the messages and from the
 * numbers in Redis, which a {@link NodeHeartbeat} reads each second. After a gap or a lost connection the <em>generation</em> increases. An
 * entry of the first level carries the generation in which it was read, and is trusted only in that generation: no entry that a
 * missed message might have invalidated is returned without asking Redis.
 *
 * <p>{@link #staleness} is the time since the start of the last heartbeat whose messages have all arrived.
 *
 * <p>Every node answers a message that carries a request id with an acknowledgement on the same channel; {@link
 * #awaitConfirmations} counts these. Command: {@code SUBSCRIBE}. Thread-safe.
 */
final class InvalidationTracker implements ChannelListener {
    /** The time between two heartbeats. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(InvalidationTracker.class.getName());

    private final NodeHeartbeat heartbeat;
    private final String node;
    private final Consumer<InvalidationMessage> listener;
    private final Consumer<byte[]> others;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<String, CountDownLatch> pending = new ConcurrentHashMap<>();

    private final GapDetector detector = new GapDetector();
    private volatile boolean connected;
    private final AtomicLong generation = new AtomicLong(1);
    private volatile long currentAt;
    private final AtomicLong gaps = new AtomicLong();
    /** 1 if this process counts as a node, 0 if it is an observer. */
    private volatile int self = 1;

    private volatile int nodes = 1;

    /**
     * Creates a tracker that is not subscribed yet.
     *
     * @param listener receives the invalidations of all nodes; must not block
     * @param others receives the messages that are no invalidations; must not block
     * @param executor sends acknowledgements, which may block
     */
    InvalidationTracker(
            Redis redis,
            CacheKeys keys,
            String node,
            Consumer<InvalidationMessage> listener,
            Consumer<byte[]> others,
            Executor executor,
            LongSupplier nanoTime) {
        this.heartbeat = new NodeHeartbeat(redis, keys, node);
        this.node = node;
        this.listener = listener;
        this.others = others;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.currentAt = nanoTime.getAsLong();
    }

    String node() {
        return node;
    }

    /** Returns the current generation; entries of an earlier one must not be trusted. */
    long generation() {
        return generation.get();
    }

    /** Returns the maximum age of an invalidation that this node has not received. */
    Duration staleness() {
        return Duration.ofNanos(nanoTime.getAsLong() - currentAt);
    }

    boolean isConnected() {
        return connected;
    }

    /** Returns how many times messages were missed or may have been. */
    long gaps() {
        return gaps.get();
    }

    /** Returns the number of live nodes, including this one unless it is an observer. */
    int nodes() {
        return nodes;
    }

    /**
     * Turns this process into an observer, which does not count as a node, and reads the number of live nodes.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    void joinAsObserver() {
        self = 0;
        nodes = heartbeat.count();
    }

    @Override
    public synchronized void connected() {
        connected = true;
        bumpGeneration();
        detector.reset();
    }

    @Override
    public synchronized void lost() {
        connected = false;
        gaps.incrementAndGet();
        bumpGeneration();
    }

    @Override
    public void received(byte[] bytes) {
        InvalidationMessage.Numbered numbered = InvalidationMessage.parse(bytes);
        if (numbered == null) {
            others.accept(bytes);
            return;
        }
        InvalidationMessage message = numbered.message();
        if (message.kind() == InvalidationMessage.Kind.ACK) {
            CountDownLatch latch = pending.get(message.request());
            if (latch != null) {
                latch.countDown();
            }
            return;
        }
        onSequence(numbered, message.bucket());
        listener.accept(message);
        if (self > 0 && !message.request().isEmpty() && !message.node().equals(node)) {
            executor.execute(() -> acknowledge(message.request()));
        }
    }

    private synchronized void onSequence(InvalidationMessage.Numbered numbered, int bucket) {
        if (detector.onMessage(bucket, numbered.sequence(), numbered.first())) {
            onGap();
        }
        updateCurrentAt();
    }

    /** Records that this node is alive, and reads the sequence numbers in the same round trip. */
    void heartbeat() {
        long sentAt = nanoTime.getAsLong();
        NodeHeartbeat.Reply reply;
        try {
            reply = heartbeat.send();
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "Could not read the sequence numbers of the cache: {0}", e.getMessage());
            return;
        }
        nodes = Math.max(1, reply.nodes());
        compare(reply.numbers(), sentAt);
    }

    private synchronized void compare(long[] numbers, long sentAt) {
        if (!connected) {
            return;
        }
        if (detector.onHeartbeat(numbers, sentAt)) {
            onGap();
        }
        updateCurrentAt();
    }

    private void updateCurrentAt() {
        if (detector.isCaughtUp()) {
            currentAt = detector.heartbeatAt();
        }
    }

    private void onGap() {
        gaps.incrementAndGet();
        bumpGeneration();
        LOG.log(
                System.Logger.Level.INFO,
                "Missed an invalidation message of the cache; entries in memory are verified with Redis before use");
    }

    private void bumpGeneration() {
        generation.incrementAndGet();
    }

    /** Prepares for the confirmations of a request; to be called before the request is published. */
    void expectConfirmations(String request) {
        pending.put(request, new CountDownLatch(Math.max(0, nodes - self)));
    }

    /**
     * Waits until all other nodes have confirmed a request, or the timeout has passed.
     *
     * @return the number of nodes that have confirmed, including this one unless it is an observer
     */
    int awaitConfirmations(String request, Duration timeout) {
        CountDownLatch latch = pending.get(request);
        if (latch == null) {
            return self;
        }
        int others = nodes - self;
        try {
            boolean unused = latch.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pending.remove(request);
        }
        return self + Math.max(0, others - (int) latch.getCount());
    }

    private void acknowledge(String request) {
        InvalidationMessage ack = new InvalidationMessage(0, node, request, InvalidationMessage.Kind.ACK, "-", "-");
        try {
            heartbeat.publish("0 " + ack.text());
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "Could not confirm an invalidation: {0}", e.getMessage());
        }
    }
}
