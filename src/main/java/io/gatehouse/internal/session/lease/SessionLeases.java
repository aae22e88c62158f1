package io.gatehouse.internal.session.lease;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.redis.Subscription;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases of this node, and its messages with the other nodes of the application. Thread-safe.
 *
 * <p>Two roles. A <em>holder</em> answers requests from its verified copy of a session while it has a lease on it. It notes its name in
 * Redis in the script that reads the session. A <em>writer</em> changes or ends a session; its script reads these names and publishes a
 * message to each of them ({@code PUBLISH <prefix><node> let-go ...}). A holder lets go and acknowledges ({@code PUBLISH <prefix><writer>
 * done ...}). The writer answers its client when all have acknowledged, or when the leases have ended at the latest. So no message needs to
 * arrive for a node to be right.
 *
 * <p>Every node is a writer. Only nodes with {@code GATEHOUSE_SESSION_READS=leased} are holders, and only while they are subscribed to
 * their channel, because writers would have to wait for them otherwise. A node subscribes when it reads a session, or has to wait, for the
 * first time.
 */
public final class SessionLeases implements AutoCloseable {
    /** The functions of the scripts that take leases or wait for their ends. */
    public static final String FUNCTIONS = Script.read(SessionLeases.class, "leases.lua");

    private static final Script STOPPED = Script.load(SessionLeases.class, "stopped.lua", true);

    /** The time for which a writer waits: the length of a lease, and a tenth for clocks that run at different rates. */
    static final Duration PATIENCE = HeldLeases.LONGEST.plus(HeldLeases.LONGEST.dividedBy(10));

    private static final Duration REPEAT = Duration.ofMillis(100);

    private final Redis redis;
    private final String channelPrefix;
    private final String node;
    private final boolean holds;
    private final LongSupplier nanoTime;
    private final HeldLeases held;
    private final EndedLeases ended = new EndedLeases();
    private final AtomicLong changes = new AtomicLong();
    private final Map<Long, LeaseWait> waits = new ConcurrentHashMap<>();
    private final Acknowledgements acknowledgements;
    private final ReentrantLock subscribing = new ReentrantLock();
    private volatile @Nullable Subscription subscription;
    private volatile boolean connected;
    private volatile boolean closed;

    /**
     * Creates the leases of this node. Sends nothing before the first session is read or changed.
     *
     * @param channelPrefix the prefix of the channels of the application's nodes; the name of the node follows
     * @param node the name of this start of this node, without spaces
     * @param holds whether this node takes leases
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public SessionLeases(
            Redis redis, String channelPrefix, String node, boolean holds, LongSupplier nanoTime, InstantSource clock) {
        this.redis = redis;
        this.channelPrefix = channelPrefix;
        this.node = node;
        this.holds = holds;
        this.nanoTime = nanoTime;
        this.held = new HeldLeases(node, nanoTime, clock);
        this.acknowledgements = new Acknowledgements(redis, channelPrefix, node);
    }

    String channelPrefix() {
        return channelPrefix;
    }

    String node() {
        return node;
    }

    /** Returns the leases that this node holds. */
    public HeldLeases held() {
        return held;
    }

    /** Returns a request for a lease, or null if this node takes none now. To be called before the session is read. */
    public @Nullable LeaseRequest request(String lookup, @Nullable String userTag) {
        if (!holds || closed) {
            return null;
        }
        if (!connected) {
            subscribe();
            return null;
        }
        LeaseRequest request = held.request(lookup, userTag);
        return connected && !closed
                ? request
                : null; // again: it may have been made after this node has let go of everything
    }

    /** Begins a change of a session, or of all sessions of a user. The caller must close it before it answers its client. */
    public LeaseChange change(String lookupOrUserTag) {
        LeaseWait wait = new LeaseWait(changes.incrementAndGet(), lookupOrUserTag);
        waits.put(wait.number(), wait);
        return new LeaseChange(this, lookupOrUserTag, wait);
    }

    /** Sets the listed nodes as those that a change waits for, except this one, and those whose leases are known to have ended. */
    void heldBy(LeaseWait wait, List<Holder> listed) {
        if (!listed.isEmpty()) {
            List<Holder> others = listed.stream()
                    .filter(holder -> !holder.node().equals(node))
                    .toList();
            wait.heldBy(ended.without(others), nanoTime.getAsLong());
        }
    }

    void forget(LeaseWait wait) {
        waits.remove(wait.number());
        wait.settled();
    }

    /**
     * Waits until no node answers from a copy without the changes of a session that other requests of this node have stored. They may contain
     * the changes of the caller's request, because requests share the session.
     */
    public void awaitStored(String lookup) {
        for (LeaseWait wait : waits.values()) {
            if (wait.isOtherChangeOf(lookup)) {
                wait.awaitSettled(PATIENCE.toNanos());
            }
        }
    }

    /** Lets go of the copies of this node, and waits for the other holders. */
    void settle(String name, LeaseWait wait) {
        held.letGo(name);
        try {
            if (!wait.outstanding().isEmpty()) {
                awaitHolders(name, wait);
            }
        } finally {
            forget(wait);
        }
    }

    private void awaitHolders(String name, LeaseWait wait) {
        long end = wait.repliedAt() + PATIENCE.toNanos();
        boolean interrupted = false;
        boolean told = connected; // otherwise an acknowledgement of the script's message may have been missed
        subscribe();
        long left = end - nanoTime.getAsLong();
        while (left > 0 && !wait.outstanding().isEmpty()) {
            try {
                wait.await(Math.min(left, told ? REPEAT.toNanos() : REPEAT.toNanos() / 10));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (connected) {
                notifyHolders(name, wait);
                told = true;
            }
            forgetStopped(wait);
            left = end - nanoTime.getAsLong();
        }
        wait.outstanding().forEach(ended::waitedFor);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Repeats the message to the holders that have not acknowledged it. */
    private void notifyHolders(String name, LeaseWait wait) {
        Pipeline pipeline = new Pipeline();
        byte[] message = new LeaseMessage(node, wait.number(), name).encoded();
        wait.outstanding().forEach(holder -> add(pipeline, holder.node(), message));
        if (!pipeline.isEmpty()) {
            redis.send(pipeline);
        }
    }

    /** Acknowledges for nodes that have stopped. */
    private void forgetStopped(LeaseWait wait) {
        Pipeline pipeline = new Pipeline();
        Map<Holder, Response<Boolean>> stopped = new LinkedHashMap<>();
        for (Holder holder : wait.outstanding()) {
            List<byte[]> key = List.of(ScriptArgs.encode(channelPrefix + holder.node()));
            stopped.put(
                    holder,
                    pipeline.add(RedisCall.mget(
                            RedisPurpose.SESSIONS, key, reply -> !reply.list().isNil())));
        }
        if (!pipeline.isEmpty()) {
            redis.send(pipeline);
        }
        stopped.forEach((holder, reply) -> {
            try {
                if (reply.get()) {
                    ended.stopped(holder.node());
                    wait.acknowledge(holder.node());
                }
            } catch (GatehouseException e) {
                // unknown: wait for the end of the lease
            }
        });
    }

    private void add(Pipeline pipeline, String receiver, byte[] message) {
        var unused = pipeline.add(
                RedisCall.publish(RedisPurpose.SESSIONS, ScriptArgs.encode(channelPrefix + receiver), message));
    }

    private void subscribe() {
        if (subscription != null) {
            return;
        }
        subscribing.lock();
        try {
            if (subscription == null && !closed) {
                subscription = redis.subscribe(RedisPurpose.SESSIONS, channelPrefix + node, new Inbox());
            }
        } finally {
            subscribing.unlock();
        }
    }

    /** Receives the messages of this node's channel. */
    private final class Inbox implements ChannelListener {
        @Override
        public void connected() {
            connected = true;
        }

        @Override
        public void received(byte[] message) {
            LeaseMessage read = LeaseMessage.read(message);
            if (read == null) {
                return;
            }
            String name = read.name();
            if (name == null) {
                LeaseWait wait = waits.get(read.number());
                if (wait != null) {
                    wait.acknowledge(read.sender());
                }
            } else {
                held.letGo(name);
                acknowledgements.send(read);
            }
        }

        /** Lets go of everything: a new master may not know that this node holds leases. */
        @Override
        public void lost() {
            connected = false;
            held.letGoOfAll();
        }
    }

    /** Lets go of everything, and ends the subscription. */
    @Override
    public void close() {
        closed = true;
        held.letGoOfAll();
        if (subscription != null && holds) {
            Pipeline pipeline = new Pipeline();
            var unused = pipeline.add(
                    STOPPED.on(RedisPurpose.SESSIONS).keys(channelPrefix + node).reply(ReplyReader::number));
            redis.send(pipeline); // if it fails, writers wait for the ends of the leases
        }
        Subscription made;
        subscribing.lock(); // no subscription is made after this
        try {
            made = subscription;
        } finally {
            subscribing.unlock();
        }
        if (made != null) {
            made.close();
        }
        acknowledgements.close();
    }
}
