package io.gatehouse.internal.rules;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Polls the rule file every two seconds on a dedicated thread. A missing timer of the server, an exhausted thread pool or other tasks
 * that wait for Redis therefore never delay a change of rules. Thread-safe.
 */
public final class RuleFileWatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RuleFileWatcher.class.getName());
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final RuleSource ruleSource;
    private final ScheduledExecutorService executor;

    /** Starts polling; {@link #close} shuts the executor down. */
    RuleFileWatcher(RuleSource ruleSource, ScheduledExecutorService executor) {
        this.ruleSource = ruleSource;
        this.executor = executor;
        long pause = RuleSource.POLL_INTERVAL.toMillis();
        var unused = executor.scheduleWithFixedDelay(this::poll, pause, pause, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts to watch the file of a rule source.
     *
     * @param loader the class loader that finds the application's JSON parser
     */
    public static RuleFileWatcher start(RuleSource ruleSource, ClassLoader loader) {
        return new RuleFileWatcher(ruleSource, Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "gatehouse-rules");
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        }));
    }

    /** Catches everything, because an executor does not repeat a task that has thrown. */
    private void poll() {
        try {
            ruleSource.refresh();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read the rate-limit file, trying again in two seconds", e);
        }
    }

    /** Stops polling; waits up to two seconds for a poll in progress. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            boolean unused = executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
