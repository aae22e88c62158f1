package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * Borrows connections without ever letting a request wait for a TCP connect: an idle connection is taken at once, and a new
 * one is made by a thread of ours, for which the request waits no longer than its deadline. A connection that comes too late
 * goes into the pool for the next request.
 */
final class Connector implements AutoCloseable {
    private static final int MOST_AT_ONCE = 64;

    private final ExecutorService executor = new ThreadPoolExecutor(
            0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), ConnectingThread::new);

    /** A thread that may wait for a connect. */
    private static final class ConnectingThread extends Thread {
        ConnectingThread(Runnable work) {
            super(work, "gatehouse-redis-connect");
            setDaemon(true);
        }
    }

    /** Thrown instead of connecting in a thread that must not wait. */
    static final class MustNotWait extends JedisConnectionException {
        private static final long serialVersionUID = 1L;

        MustNotWait() {
            super("not in this thread");
        }
    }

    /**
     * To be called before a pool makes a connection.
     *
     * @throws MustNotWait in any thread but ours; pools also try when a broken connection is returned
     */
    static void requireOurThread() {
        if (!(Thread.currentThread() instanceof ConnectingThread)) {
            throw new MustNotWait();
        }
    }

    ExecutorService executor() {
        return executor;
    }

    Connection borrow(Pool<Connection> pool, Deadline deadline) {
        boolean mayConnect = pool.getNumIdle() == 0 && pool.getNumActive() < pool.getMaxTotal();
        if (!mayConnect) {
            try {
                return take(pool);
            } catch (MustNotWait e) {
                // somebody else took the last idle one
            }
        }
        CompletableFuture<Connection> coming = new CompletableFuture<>();
        try {
            executor.execute(() -> connect(pool, coming));
            return coming.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            giveUp(coming);
            throw new RedisUnavailable(Reason.TIMEOUT, "no connection to Redis in time", e);
        } catch (RejectedExecutionException e) {
            throw new RedisUnavailable(Reason.EXHAUSTED, "too many connections to Redis are being made", e);
        } catch (InterruptedException e) {
            giveUp(coming);
            Thread.currentThread().interrupt();
            throw new RedisUnavailable(Reason.TIMEOUT, "interrupted while waiting for a connection to Redis", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis", e.getCause());
        }
    }

    private static Connection take(Pool<Connection> pool) {
        try {
            return pool.getResource();
        } catch (MustNotWait e) {
            throw e;
        } catch (JedisException e) {
            if (e.getCause() instanceof NoSuchElementException) {
                throw new RedisUnavailable(Reason.EXHAUSTED, "all connections to Redis are in use", e);
            }
            throw e;
        }
    }

    private static void connect(Pool<Connection> pool, CompletableFuture<Connection> coming) {
        try {
            Connection connection = take(pool);
            if (!coming.complete(connection)) {
                connection.close();
            }
        } catch (RuntimeException e) {
            coming.completeExceptionally(e);
        }
    }

    /** Nobody waits any more; a connection that is already there goes back. */
    private static void giveUp(CompletableFuture<Connection> coming) {
        if (!coming.cancel(false) && !coming.isCompletedExceptionally()) {
            coming.join().close();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
