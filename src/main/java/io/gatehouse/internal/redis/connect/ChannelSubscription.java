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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A subscription to one channel, with its own connection and thread, that reconnects until it is closed. In a cluster it uses
 * any master, because every node forwards published messages. Thread-safe.
 *
 * <p>A dead connection looks like a channel without messages. So the scheduler sends {@code PING} as a {@link PingSchedule} says, and cuts
 * the connection after several unanswered pings, when its node is no longer a master, or when its token will expire.
 *
 * <p>Commands: {@code SUBSCRIBE}, {@code PING}.
 */
final class ChannelSubscription implements Subscription {
    private static final System.Logger LOG = System.getLogger(ChannelSubscription.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2000;
    private static final long THREAD_END_TIMEOUT_MILLIS = 1000;

    private final String channel;
    private final ChannelListener listener;
    private final Supplier<@Nullable RedisNodes> redisNodes;
    private final Consumer<ChannelSubscription> onClose;
    private final Thread thread;
    private final ScheduledFuture<?> pinging;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SubscriberConnection subscriberConnection;
    private boolean warned;

    /** A connection that has sent {@code SUBSCRIBE}. */
    private static final class SubscriberConnection implements AutoCloseable {
        final OwnConnection connection;
        final HostAndPort node;
        final PingSchedule pingSchedule = new PingSchedule();
        volatile boolean listenerIsBusy;
        volatile boolean replaced;

        SubscriberConnection(OwnConnection connection, HostAndPort node) {
            this.connection = connection;
            this.node = node;
        }

        void disconnect() {
            try {
                connection.forceDisconnect();
            } catch (IOException e) {
                // the socket is closed in any case
            }
        }

        @Override
        public void close() {
            disconnect();
        }
    }

    /**
     * Creates a subscription, which {@link #start} starts.
     *
     * @param redisNodes returns the current nodes, or null before the first were found
     * @param onClose called with this subscription when it is closed
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
        this.pinging = scheduler.scheduleWithFixedDelay(
                this::ping,
                PingSchedule.CHECK_INTERVAL_MILLIS,
                PingSchedule.CHECK_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    ChannelSubscription start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            runUntilClosed();
        } finally {
            onClose.accept(this);
        }
    }

    private void runUntilClosed() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!isClosed()) {
            if (receiveUntilDisconnected()) {
                pause = FIRST_PAUSE_MILLIS;
            }
            if (awaitClose(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1))) {
                return;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /** Receives messages until the connection ends. Returns whether the subscription was confirmed. */
    private boolean receiveUntilDisconnected() {
        boolean connected = false;
        try (SubscriberConnection current = connect()) {
            current.connection.sendCommand(new CommandArguments(Protocol.Command.SUBSCRIBE).add(channel));
            current.connection.getMany(0); // flushes and reads nothing
            current.connection.setTimeoutInfinite();
            subscriberConnection = current; // after SUBSCRIBE was sent, so that no ping precedes it
            while (!isClosed()) {
                Object reply = current.connection.getUnflushedObject();
                current.listenerIsBusy = true;
                connected |= handle(reply);
                current.pingSchedule.heard();
                current.listenerIsBusy = false;
            }
        } catch (RuntimeException | Error e) {
            SubscriberConnection ended = subscriberConnection;
            if (ended == null || !ended.replaced) {
                warnOnce(e);
            }
        } finally {
            subscriberConnection = null;
        }
        if (connected) {
            notifyListener(listener::lost);
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

    /** Handles a {@code subscribe}, {@code message} or {@code pong} reply. Returns whether it was the first reply of the connection. */
    private boolean handle(Object reply) {
        if (!(reply instanceof List<?> parts) || !(parts.get(0) instanceof byte[] kind)) {
            return false;
        }
        switch (new String(kind, StandardCharsets.US_ASCII)) {
            case "subscribe" -> {
                warned = false;
                notifyListener(listener::connected);
                return true;
            }
            case "message" -> {
                if (parts.get(2) instanceof byte[] message) {
                    notifyListener(() -> listener.received(message));
                }
            }
            default -> {} // a pong
        }
        return false;
    }

    private void notifyListener(Runnable notice) {
        if (isClosed()) {
            return;
        }
        try {
            notice.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "A listener to " + channel + " failed; it still receives later events.", e);
        }
    }

    private void warnOnce(Throwable e) {
        if (!warned && !isClosed()) {
            warned = true;
            Object reason = e instanceof JedisException jedis
                    ? ExceptionTranslator.thrown(jedis).reason()
                    : e;
            LOG.log(Level.WARNING, "Cannot subscribe to {0} now: {1}. Retrying.", channel, reason);
        }
    }

    /** Pings the server; runs on the scheduler. */
    private void ping() {
        SubscriberConnection current = subscriberConnection;
        RedisNodes now = redisNodes.get();
        if (current == null || current.listenerIsBusy) {
            return;
        }
        try {
            if (current.pingSchedule.isDead() || (now != null && !now.masters().contains(current.node))) {
                current.disconnect();
                return;
            }
            if (now != null && now.mustReplace(current.connection)) {
                current.replaced = true;
                current.disconnect();
                return;
            }
            if (!current.pingSchedule.isDue()) {
                return;
            }
            current.connection.sendCommand(Protocol.Command.PING);
            current.connection.getMany(0);
        } catch (RuntimeException e) {
            current.disconnect(); // the subscription's thread notices and reconnects
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private boolean awaitClose(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return isClosed(); // only close() counts the latch down
        }
    }

    /** Ends the subscription without waiting for its thread. */
    void requestClose() {
        closed.countDown();
        pinging.cancel(false);
        SubscriberConnection current = subscriberConnection;
        if (current != null) {
            current.disconnect();
        }
    }

    @Override
    public void close() {
        requestClose();
        if (Thread.currentThread() == thread) {
            return; // a listener called close()
        }
        try {
            thread.join(THREAD_END_TIMEOUT_MILLIS); // only a connect can take longer, and it has a timeout
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
