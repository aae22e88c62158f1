package io.gatehouse.internal.rules;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the file of the rules every two seconds, in a thread of its own: neither a server without a timer, nor a pool that
 * is used up, nor other scheduled work that waits for Redis delays a look. Thread-safe.
 */
public final class RuleFileWatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RuleFileWatcher.class.getName());
    private static final Duration END = Duration.ofSeconds(2);

    private final RuleSource ruleSource;
    private final ScheduledExecutorService executor;

    /** Starts; closing it ends the executor. */
    RuleFileWatcher(RuleSource ruleSource, ScheduledExecutorService executor) {
        this.ruleSource = ruleSource;
        this.executor = executor;
        long pause = RuleSource.BETWEEN_LOOKS.toMillis();
        var unused = executor.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts to watch rules.
     *
     * @param loader finds the JSON parser of the application
     */
    public static RuleFileWatcher start(RuleSource ruleSource, ClassLoader loader) {
        return new RuleFileWatcher(ruleSource, Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "gatehouse-rules");
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        }));
    }

    /** Never throws: an executor does not repeat what has thrown. */
    private void look() {
        try {
            ruleSource.refresh();
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the file of the rate limits could not be read; the next look follows",
                    e);
        }
    }

    /** Stops, and waits for a look under way, two seconds at most. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            boolean unused = executor.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
