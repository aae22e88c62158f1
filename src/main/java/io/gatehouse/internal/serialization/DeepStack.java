package io.gatehouse.internal.serialization;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a task on a new thread with a stack of a given size and waits for it. The thread has the context class loader and the
 * inheritable thread locals of the caller and ends with the task.
 *
 * <p>A task that needs a lock which the caller holds would wait forever; this is detected and reported as {@link
 * NoThreadException}.
 */
final class DeepStack {
    private static final long LOOK_AFTER_MILLIS = 20;

    private DeepStack() {}

    /** Thrown if the thread cannot be started, or if it waits for a lock of the caller. */
    static final class NoThreadException extends Exception {
        private static final long serialVersionUID = 1L;

        NoThreadException(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns the result of the task, or throws what the task throws. */
    static <T> T call(long stackBytes, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(null, future, "gatehouse-deep-value", stackBytes);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new NoThreadException("no thread with a stack of " + stackBytes + " bytes can be started");
        }
        return await(future, thread);
    }

    private static <T> T await(FutureTask<T> future, Thread thread) throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(LOOK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // the task belongs to the caller's work, so the caller waits for its end
                } catch (TimeoutException e) {
                    if (waitsForCaller(thread)) {
                        throw new NoThreadException("the task needs a lock that the caller holds");
                    }
                } catch (ExecutionException e) {
                    throw thrown(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("deprecation") // getId: threadId() came with Java 19
    private static boolean waitsForCaller(Thread thread) {
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
        return info != null && info.getLockOwnerId() == Thread.currentThread().getId();
    }

    private static Exception thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof Exception cause ? cause : e;
    }
}
