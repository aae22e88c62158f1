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
 * Runs the background tasks of an application on the managed executor of the server, which provides the JNDI names, the class
 * loader and the user of the caller. Without such an executor it uses up to 64 threads of its own, with the class loader of the
 * caller. Thread-safe.
 */
public final class TaskExecutor implements Executor, AutoCloseable {
    private static final String MANAGED = "java:comp/DefaultManagedExecutorService";
    private static final int MAX_THREADS = 64;

    private final DaemonThreads workerThreads = new DaemonThreads("gatehouse-work");
    private final ExecutorService own =
            new ThreadPoolExecutor(0, MAX_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), workerThreads);
    private final DaemonThreads periodicThreads = new DaemonThreads("gatehouse-periodic");
    private final ScheduledExecutorService periodic = Executors.newSingleThreadScheduledExecutor(periodicThreads);
    private volatile @Nullable Executor managed;

    /** Looks up the managed executor; to be called where {@code java:comp} can be looked up, such as in a context listener. */
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

    /** Repeats a short task, which must not throw, with a pause between two runs until this executor is closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // it runs until closed
    public void every(Duration pause, Runnable work) {
        periodic.scheduleWithFixedDelay(work, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until the threads of a closed executor have ended; returns whether they have. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean ended = periodicThreads.awaitEnd(timeout);
        return workerThreads.awaitEnd(Duration.ofNanos(deadline - System.nanoTime())) && ended;
    }

    @Override
    public void close() {
        periodic.shutdownNow();
        managed = null;
        own.shutdownNow();
    }
}
