package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of limits and logins that observers of the application get. They are queued and passed on by one background task at a time,
 * so that an observer never delays or fails a request; if {@link #MOST_WAITING} wait, further ones are dropped. One subject has at most
 * one event in a minute. Does nothing until {@link #open}. Thread-safe.
 */
public final class SecurityEvents {
    static final int MOST_WAITING = 1_000;
    static final Duration LEAST_INTERVAL = Duration.ofMinutes(1);
    private static final int MOST_SUBJECTS = 10_000;
    private static final System.Logger LOG = System.getLogger(SecurityEvents.class.getName());

    private final LongSupplier nanoTime;
    private final Cache<String, Long> quietUntil =
            Caffeine.newBuilder().maximumSize(MOST_SUBJECTS).build();
    private final Queue<Object> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean passing = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Target target;

    /** The observers, and the executor that calls them. */
    private record Target(Consumer<Object> observers, Executor executor) {}

    SecurityEvents(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Passes events to observers from now on, in threads of an executor. */
    public void open(Consumer<Object> observers, Executor executor) {
        target = new Target(observers, executor);
    }

    /**
     * Queues an event, unless its subject has had one.
     *
     * @param subject what the event is about
     * @param quiet how long the subject has no other event; at least {@link #LEAST_INTERVAL} is used
     */
    public void publish(String subject, Duration quiet, Supplier<Object> event) {
        Target to = target;
        if (to == null || !isFirst(subject, quiet.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : quiet)) {
            return;
        }
        if (!waiting.offer(event.get())) {
            dropped.incrementAndGet();
        }
        start(to);
    }

    private boolean isFirst(String subject, Duration quiet) {
        long now = nanoTime.getAsLong();
        Long until = now + quiet.toNanos();
        return until.equals(quietUntil
                .asMap()
                .compute(subject, (any, before) -> before != null && before - now > 0 ? before : until));
    }

    private void start(Target to) {
        if (!passing.compareAndSet(false, true)) {
            return;
        }
        try {
            to.executor().execute(() -> passOn(to));
        } catch (RejectedExecutionException e) {
            passing.set(false); // the next event tries again
        }
    }

    @SuppressWarnings("IllegalCatch")
    private void passOn(Target to) {
        try {
            for (Object event = waiting.poll(); event != null; event = waiting.poll()) {
                try {
                    to.observers().accept(event);
                } catch (Exception | Error e) { // whatever code of the application throws
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "an observer of " + event.getClass().getSimpleName() + " threw an exception",
                            e);
                }
            }
        } finally {
            passing.set(false);
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.log(System.Logger.Level.WARNING, "dropped {0} events, because observers were too slow for them", lost);
        }
        if (!waiting.isEmpty()) {
            start(to);
        }
    }
}
