package io.gatehouse.internal.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.Limit;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket per name, local to this node: administration must work while Redis is unavailable, and a limit of 60 per
 * minute on each node protects as well as one shared by all. The number of names is bounded. Thread-safe.
 */
final class LocalRateLimiter {
    private static final int MAX_NAMES = 10_000;

    private final long interval;
    private final long full;
    private final LongSupplier nanos;
    private final Cache<String, State> states;

    /** @param nanos returns the time, like {@link System#nanoTime()} */
    LocalRateLimiter(Limit limit, LongSupplier nanos) {
        this.interval = Math.max(1, limit.period().toNanos() / limit.tokens());
        this.full = interval * limit.capacity();
        this.nanos = nanos;
        this.states = Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .expireAfterWrite(Duration.ofNanos(full))
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** @param fullAt when the bucket will be full again */
    private record State(long fullAt, boolean refused) {}

    /**
     * The outcome of an attempt to take a token.
     *
     * @param waitSeconds the time until a token is available, rounded up; 0 if one was taken
     * @param first whether this is the first refusal since the bucket last had a token
     */
    record Outcome(long waitSeconds, boolean first) {
        boolean isRefused() {
            return waitSeconds > 0;
        }
    }

    /** Takes a token from the bucket of a name. */
    Outcome take(String name) {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        states.asMap().compute(name, (key, known) -> {
            long now = nanos.getAsLong();
            long missing = known == null ? 0 : Math.max(0, known.fullAt() - now);
            long wait = missing + interval - full;
            if (wait <= 0) {
                outcome.set(new Outcome(0, false));
                return new State(now + missing + interval, false);
            }
            outcome.set(
                    new Outcome(Math.max(1, Duration.ofNanos(wait + 999_999_999).toSeconds()), !refused(known)));
            return new State(now + missing, true);
        });
        return Objects.requireNonNull(outcome.get());
    }

    private static boolean refused(@Nullable State known) {
        return known != null && known.refused();
    }
}
