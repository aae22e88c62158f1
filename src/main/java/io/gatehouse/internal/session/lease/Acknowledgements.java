package io.gatehouse.internal.session.lease;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The acknowledgements of this node to writers ({@code PUBLISH <prefix><writer> done <node> <number>}), sent by a thread that ends when there are
 * none for a while. Those that wait share one round trip. Thread-safe.
 */
final class Acknowledgements implements AutoCloseable {
    private static final int MOST_AT_ONCE = 500;
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final Redis redis;
    private final String channelPrefix;
    private final String node;
    private final ConcurrentLinkedQueue<LeaseMessage> waiting = new ConcurrentLinkedQueue<>();
    private final DaemonThreads threads = new DaemonThreads("gatehouse-session-leases");

    /** A task that waits sends everything that is added until it runs, so one is enough, and others are discarded. */
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            THREAD_IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(1),
            threads,
            new ThreadPoolExecutor.DiscardPolicy());

    Acknowledgements(Redis redis, String channelPrefix, String node) {
        this.redis = redis;
        this.channelPrefix = channelPrefix;
        this.node = node;
        executor.allowCoreThreadTimeOut(true);
    }

    /** Acknowledges a message soon. One that cannot be sent is not repeated: the writer repeats its message. */
    void send(LeaseMessage message) {
        waiting.add(message);
        executor.execute(this::sendAll);
    }

    private void sendAll() {
        while (!waiting.isEmpty()) {
            Pipeline pipeline = new Pipeline();
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                LeaseMessage next = waiting.poll();
                if (next == null) {
                    break;
                }
                byte[] channel = ScriptArgs.encode(channelPrefix + next.sender());
                byte[] done = new LeaseMessage(node, next.number(), null).encoded();
                var unused = pipeline.add(RedisCall.publish(RedisPurpose.SESSIONS, channel, done));
            }
            redis.send(pipeline);
        }
    }

    /** Stops the thread. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            boolean unused = threads.awaitEnd(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
