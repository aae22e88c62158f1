package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * Borrows pooled connections without ever connecting on the thread of a request. It takes an idle connection at once;
 * otherwise another thread connects, and the request waits until its deadline. A connection that arrives after the deadline
 * goes into the pool for the next request. An interrupt does not end the wait, and the interrupt flag is kept. Thread-safe.
 */
final class ConnectionBorrower implements AutoCloseable {
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_WAITING = 1000;

    private final DaemonThreads threads = new DaemonThreads(ConnectingThread::new);
    private final ExecutorService connecting = connecting();
    private final ExecutorService executor =
            new ThreadPoolExecutor(0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);

    private ExecutorService connecting() {
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                MOST_AT_ONCE, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), threads);
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /** A thread on which connecting is allowed. */
    private static final class ConnectingThread extends Thread {
        ConnectingThread(Runnable work) {
            super(work, "gatehouse-redis-connect");
        }
    }

    /** Thrown by an attempt to connect on another thread. */
    static final class WouldBlockException extends JedisConnectionException {
        private static final long serialVersionUID = 1L;

        WouldBlockException() {
            super("connecting is not allowed on this thread");
        }
    }

    /**
     * Must be called before a pool opens a connection.
     *
     * @throws WouldBlockException if this is no connecting thread; pools also try to connect when a broken connection is
     *     returned
     */
    static void requireConnectingThread() {
        if (!(Thread.currentThread() instanceof ConnectingThread)) {
            throw new WouldBlockException();
        }
    }

    /** Returns the connecting threads for other blocking work. Rejects work while all threads are busy. */
    ExecutorService executor() {
        return executor;
    }

    /**
     * Runs blocking work on a connecting thread.
     *
     * @throws RedisUnavailableException if all threads are busy
     */
    void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            throw new RedisUnavailableException(Reason.EXHAUSTED, "too many connections to Redis are being opened", e);
        }
    }

    /** Returns an idle connection, or null if there is none. */
    @Nullable
    NodeConnection takeIdle(RedisNode redisNode) {
        Pool<Connection> pool = redisNode.pool();
        while (pool.getNumIdle() > 0 || pool.getNumActive() >= pool.getMaxTotal()) {
            NodeConnection connection;
            try {
                connection = take(pool);
            } catch (WouldBlockException e) {
                return null; // another thread took the last idle connection
            }
            if (redisNode.isFit(connection)) {
                return connection;
            }
            discard(connection);
        }
        return null;
    }

    /** Returns a connection to the pool if it arrives after the deadline. */
    NodeConnection connect(RedisNode redisNode, Deadline deadline) {
        CompletableFuture<NodeConnection> coming = new CompletableFuture<>();
        try {
            connecting.execute(() -> connect(redisNode, coming));
            return await(coming, deadline);
        } catch (TimeoutException e) {
            giveUp(coming);
            throw new RedisUnavailableException(Reason.TIMEOUT, "no connection to Redis in time", e);
        } catch (RejectedExecutionException e) {
            throw new RedisUnavailableException(Reason.EXHAUSTED, "too many connections to Redis are being opened", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis", e.getCause());
        }
    }

    NodeConnection borrow(RedisNode redisNode, Deadline deadline) {
        NodeConnection idle = takeIdle(redisNode);
        return idle != null ? idle : connect(redisNode, deadline);
    }

    private static NodeConnection await(CompletableFuture<NodeConnection> coming, Deadline deadline)
            throws ExecutionException, TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return coming.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (RedisUnavailableException e) {
                    throw new TimeoutException();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static NodeConnection take(Pool<Connection> pool) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return (NodeConnection) pool.getResource();
                } catch (WouldBlockException e) {
                    throw e;
                } catch (JedisException e) {
                    if (e.getCause() instanceof NoSuchElementException) {
                        throw new RedisUnavailableException(Reason.EXHAUSTED, "all connections to Redis are in use", e);
                    }
                    if (!(e.getCause() instanceof InterruptedException)) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void connect(RedisNode redisNode, CompletableFuture<NodeConnection> coming) {
        try {
            while (!coming.isDone()) {
                NodeConnection connection = take(redisNode.pool());
                if (!redisNode.isFit(connection)) {
                    discard(connection);
                } else if (!coming.complete(connection)) {
                    connection.close();
                }
            }
        } catch (RuntimeException | Error e) {
            coming.completeExceptionally(e);
        }
    }

    private static void discard(NodeConnection connection) {
        connection.setBroken();
        try {
            connection.close();
        } catch (JedisException e) {
            // its pool tried to open another on this thread
        }
    }

    /** Returns a connection to the pool if it arrives after the deadline. */
    private static void giveUp(CompletableFuture<NodeConnection> coming) {
        if (!coming.cancel(false) && !coming.isCompletedExceptionally()) {
            coming.join().close();
        }
    }

    /** Waits until the threads have ended after {@link #close}. Returns whether they have. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return threads.awaitEnd(atMost);
    }

    @Override
    public void close() {
        connecting.shutdownNow();
        executor.shutdownNow();
    }
}
