package io.gatehouse.testing;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that the threads of Gatehouse end that were started after its creation. */
final class ThreadSweep {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String PREFIX = "gatehouse-";

    private final Set<Thread> before = running();

    /**
     * Waits for the threads, at most ten seconds.
     *
     * @throws AssertionError if a thread is still alive then
     */
    void requireNoneLeft() {
        requireNoneLeft(TIMEOUT);
    }

    /**
     * Waits for the threads.
     *
     * @throws AssertionError if a thread is still alive after the given time
     */
    void requireNoneLeft(Duration atMost) {
        Eventually.within(atMost, () -> {
            Set<Thread> left = running();
            left.removeAll(before);
            if (!left.isEmpty()) {
                throw new AssertionError("Threads left by the test class: " + left + "; close what started them.");
            }
        });
    }

    private static Set<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith(PREFIX))
                .collect(Collectors.toSet());
    }
}
