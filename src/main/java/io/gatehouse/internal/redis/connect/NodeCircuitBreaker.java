package io.gatehouse.internal.redis.connect;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The circuit breaker of one Redis node. It opens when 5 of the last 10 results were failures, and only {@link #close()}
 * closes it. Thread-safe.
 *
 * <p>The window of results starts full of successes. While the last 10 results were successes, another success changes
 * nothing and is not recorded: a call to a healthy node reads one counter and takes no lock. After a failure the next 10
 * successes are recorded, as many as it takes to push the failure out of the window.
 */
final class NodeCircuitBreaker {
    private static final int FAILURES = 5;
    private static final int WINDOW = 10;

    /** The breaker never half-opens on its own, because requests are not used as probes. */
    private static final Duration FOREVER = Duration.ofDays(1000);

    private static final CircuitBreakerConfig CONFIG = CircuitBreakerConfig.custom()
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(WINDOW)
            .minimumNumberOfCalls(WINDOW)
            .failureRateThreshold(100f * FAILURES / WINDOW)
            .waitDurationInOpenState(FOREVER)
            .build();

    private final CircuitBreaker breaker;
    private final AtomicInteger successesToRecord = new AtomicInteger();

    /** Creates a closed breaker. */
    NodeCircuitBreaker(String node) {
        breaker = CircuitBreaker.of(node, CONFIG);
        fillWithSuccesses();
    }

    private void fillWithSuccesses() {
        for (int i = 0; i < WINDOW; i++) {
            recordSuccess();
        }
    }

    private void recordSuccess() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** Returns whether the node must not be called. */
    boolean isOpen() {
        return breaker.getState() == State.OPEN;
    }

    /** Records the success of a call. */
    void succeeded() {
        if (successesToRecord.get() > 0 && successesToRecord.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            recordSuccess();
        }
    }

    /** Records a failure of the node. */
    void failed(Exception failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
        successesToRecord.set(WINDOW); // after the failure is recorded, so that 10 successes follow it
    }

    /** Opens the breaker. */
    void open() {
        if (!isOpen()) {
            breaker.transitionToOpenState();
        }
    }

    /** Closes an open breaker and forgets its failures; a closed one keeps them. */
    void close() {
        if (isOpen()) {
            breaker.transitionToClosedState();
            fillWithSuccesses();
        }
    }
}
