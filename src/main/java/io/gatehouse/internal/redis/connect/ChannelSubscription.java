package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.Subscription;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Listens to one channel over a connection of its own, on a thread of its own, and connects again for ever. On a cluster any
 * master will do, because every node passes on what is published.
 *
 * <p>A connection through which nothing comes looks like one where nobody publishes, so the server is asked all the time:
 * another thread sends {@code PING} and cuts the connection when several went unanswered, or when its node is no master any
 * more. It counts the questions and not the time, so that a pause of our own virtual machine is not taken for silence.
 *
 * <p>Commands: {@code SUBSCRIBE}, {@code PING}.
 */
final class ChannelSubscription implements Subscription {
    private static final System.Logger LOG = System.getLogger(ChannelSubscription.class.getName());
    private static final long PULSE_MILLIS = 500;
    private static final int MOST_UNANSWERED = 4;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2000;
    private static final long PATIENCE_MILLIS = 1000;

    private final String channel;
    private final ChannelListener listener;
    private final Supplier<@Nullable RedisNodes> redisNodes;
    private final Consumer<ChannelSubscription> onClose;
    private final Thread thread;
    private final ScheduledFuture<?> pulse;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SubscriberConnection subscriberConnection;
    private boolean told;

    /** A connection that has asked for the channel. */
    private static final class SubscriberConnection implements AutoCloseable {
        final Connection connection;
        final HostAndPort node;
        final AtomicInteger unanswered = new AtomicInteger();
        volatile boolean listenerIsBusy;

        SubscriberConnection(Connection connection, HostAndPort node) {
            this.connection = connection;
            this.node = node;
        }

        void cut() {
            try {
                connection.forceDisconnect();
            } catch (IOException e) {
                // closed is closed
            }
        }

        @Override
        public void close() {
            cut();
        }
    }

    /**
     * Starts to listen.
     *
     * @param redisNodes the nodes as they are now, null before the first were found
     * @param onClose called when this is closed and its thread ends
     */
    ChannelSubscription(
            String channel,
            ChannelListener listener,
            Supplier<@Nullable RedisNodes> redisNodes,
            ScheduledExecutorService scheduler,
            Consumer<ChannelSubscription> onClose) {
        this.channel = channel;
        this.listener = listener;
        this.redisNodes = redisNodes;
        this.onClose = onClose;
        this.thread = new Thread(this::run, "gatehouse-redis-listen");
        thread.setDaemon(true);
        this.pulse = scheduler.scheduleWithFixedDelay(this::ping, PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    ChannelSubscription start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            listenUntilClosed();
        } finally {
            onClose.accept(this);
        }
    }

    private void listenUntilClosed() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!isClosed()) {
            if (listen()) {
                pause = FIRST_PAUSE_MILLIS;
            }
            if (pausedUntilClosed(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1))) {
                return;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /** Listens until the connection ends; whether there was one. */
    private boolean listen() {
        boolean connected = false;
        try (SubscriberConnection current = connect()) {
            current.connection.sendCommand(new CommandArguments(Protocol.Command.SUBSCRIBE).add(channel));
            current.connection.getMany(0); // flushes, and reads nothing
            current.connection.setTimeoutInfinite();
            subscriberConnection = current; // only now, so that nobody asks before we have
            while (!isClosed()) {
                Object reply = current.connection.getUnflushedObject();
                current.listenerIsBusy = true;
                connected |= take(reply);
                current.unanswered.set(0);
                current.listenerIsBusy = false;
            }
        } catch (RuntimeException | Error e) {
            warnOnce(e);
        } finally {
            subscriberConnection = null;
        }
        if (connected) {
            safely(listener::lost);
        }
        return connected;
    }

    private SubscriberConnection connect() {
        RedisNodes current = redisNodes.get();
        if (current == null) {
            throw new JedisException("no connection to Redis yet");
        }
        HostAndPort node = current.anyMaster();
        return new SubscriberConnection(current.connect(node), node);
    }

    /** Takes a reply or push, which is {@code subscribe}, {@code message} or {@code pong}; whether it was the first. */
    private boolean take(Object reply) {
        if (!(reply instanceof List<?> parts) || !(parts.get(0) instanceof byte[] kind)) {
            return false;
        }
        switch (new String(kind, StandardCharsets.US_ASCII)) {
            case "subscribe" -> {
                told = false;
                safely(listener::connected);
                return true;
            }
            case "message" -> {
                if (parts.get(2) instanceof byte[] message) {
                    safely(() -> listener.received(message));
                }
            }
            default -> {} // a pong
        }
        return false;
    }

    private void safely(Runnable notice) {
        if (isClosed()) {
            return;
        }
        try {
            notice.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "A listener to " + channel + " threw; it goes on to be told", e);
        }
    }

    private void warnOnce(Throwable e) {
        if (!told && !isClosed()) {
            told = true;
            Object reason = e instanceof JedisException jedis
                    ? ExceptionTranslator.thrown(jedis).reason()
                    : e;
            LOG.log(Level.WARNING, "Cannot listen to {0} now: {1}", channel, reason);
        }
    }

    /** Asks whether the server is still there; runs on the scheduler. */
    private void ping() {
        SubscriberConnection current = subscriberConnection;
        RedisNodes now = redisNodes.get();
        if (current == null || current.listenerIsBusy) {
            return;
        }
        try {
            if (current.unanswered.get() >= MOST_UNANSWERED
                    || (now != null && !now.masters().contains(current.node))) {
                current.cut();
                return;
            }
            current.unanswered.incrementAndGet();
            current.connection.sendCommand(Protocol.Command.PING);
            current.connection.getMany(0);
        } catch (RuntimeException e) {
            current.cut(); // the thread that listens sees it and connects again
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private boolean pausedUntilClosed(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return isClosed(); // only close ends it
        }
    }

    /** Has the thread end, without waiting for it. */
    void end() {
        closed.countDown();
        pulse.cancel(false);
        SubscriberConnection current = subscriberConnection;
        if (current != null) {
            current.cut();
        }
    }

    @Override
    public void close() {
        end();
        if (Thread.currentThread() == thread) {
            return; // the listener closes it
        }
        try {
            thread.join(PATIENCE_MILLIS); // longer only while it connects, which ends by its timeout
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
