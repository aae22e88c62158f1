package io.gatehouse.internal.schedule;

import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs what an application lets run beside its requests: on the server's managed executor, so that names, classes and the user of
 * the caller are there, or on at most 64 threads of our own where there is none. Safe for use by several threads.
 */
public final class TaskExecutor implements Executor, AutoCloseable {
    private static final String MANAGED = "java:comp/DefaultManagedExecutorService";
    private static final int MOST = 64;

    private final DaemonThreads working = new DaemonThreads("gatehouse-work");
    private final ExecutorService own =
            new ThreadPoolExecutor(0, MOST, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), working);
    private final DaemonThreads beating = new DaemonThreads("gatehouse-beat");
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(beating);
    private volatile @Nullable Executor managed;

    /** Looks for the server's executor; to be called where {@code java:comp} can be looked up, such as in a context listener. */
    public void open() {
        managed = JndiLookup.find(MANAGED, ExecutorService.class);
    }

    @Override
    public void execute(Runnable work) {
        Executor executor = managed;
        if (executor != null) {
            executor.execute(work);
            return;
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        own.execute(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            work.run();
        });
    }

    /** Does something short again and again, which must not throw. */
    @SuppressWarnings("FutureReturnValueIgnored") // until closed
    public void every(Duration pause, Runnable work) {
        beats.scheduleWithFixedDelay(work, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until its own threads have ended, after closing; says whether they have. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean ended = beating.awaitEnd(atMost);
        return working.awaitEnd(Duration.ofNanos(deadline - System.nanoTime())) && ended;
    }

    @Override
    public void close() {
        beats.shutdownNow();
        managed = null;
        own.shutdownNow();
    }
}
