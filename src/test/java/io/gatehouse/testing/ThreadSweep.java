package io.gatehouse.testing;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** A check that the threads of Gatehouse that were started since its creation end. */
final class ThreadSweep {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PREFIX = "gatehouse-";

    private final Set<Thread> before = running();

    /** Throws an {@link AssertionError} if a thread does not end. */
    void requireNoneLeft() {
        Eventually.within(PATIENCE, () -> {
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
