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
 * A token bucket for each of many names, on this node alone: those who administer must be able to when Redis is away, and 60 a
 * minute on each node is as good as 60 on all. It remembers a bounded number of names. Safe for use by several threads.
 */
final class LocalRateLimiter {
    private static final int MOST_NAMES = 10_000;

    private final long interval;
    private final long full;
    private final LongSupplier nanos;
    private final Cache<String, State> states;

    /** @param nanos the time, as {@link System#nanoTime()} */
    LocalRateLimiter(Limit limit, LongSupplier nanos) {
        this.interval = Math.max(1, limit.period().toNanos() / limit.tokens());
        this.full = interval * limit.capacity();
        this.nanos = nanos;
        this.states = Caffeine.newBuilder()
                .maximumSize(MOST_NAMES)
                .expireAfterWrite(Duration.ofNanos(full))
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** @param arrival when the bucket will be full again */
    private record State(long arrival, boolean refused) {}

    /**
     * What becomes of an attempt to take a token.
     *
     * @param waitSeconds rounded up; 0 if the token was there
     * @param first whether nobody of that name has been refused since the bucket last had a token
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
            long missing = known == null ? 0 : Math.max(0, known.arrival() - now);
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
