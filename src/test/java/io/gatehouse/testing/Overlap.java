package io.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Helps tests to overlap requests: runs them on threads, and pauses a request until the test resumes it. */
public final class Overlap {
    private static final Executor THREADS = task -> new Thread(task).start();
    private static final long LONGEST_WAIT_SECONDS = 20;

    private static volatile CountDownLatch reached = new CountDownLatch(1);
    private static volatile CountDownLatch resumed = new CountDownLatch(1);

    private Overlap() {}

    /** Prepares the next pause. */
    public static void reset() {
        reached = new CountDownLatch(1);
        resumed = new CountDownLatch(1);
    }

    /** Signals that a request has reached its pause, and waits until the test resumes it. */
    public static void pause() {
        reached.countDown();
        await(resumed);
    }

    /** Waits until a request has reached its pause. */
    public static void awaitPause() {
        await(reached);
    }

    public static void resume() {
        resumed.countDown();
    }

    public static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns every attribute and its value, ordered by name. */
    public static String describe(HttpSession session) {
        StringJoiner all = new StringJoiner(" ");
        for (String name : new TreeSet<>(Collections.list(session.getAttributeNames()))) {
            all.add(name + "=" + session.getAttribute(name));
        }
        return all.toString();
    }

    /** Returns another client with the same cookie. */
    public static Browser same(Browser browser) {
        return new Browser().withCookie("sid", browser.token());
    }

    /** Runs a request on another thread. */
    public static <T> CompletableFuture<T> start(Supplier<T> request) {
        return CompletableFuture.supplyAsync(request, THREADS);
    }

    /** Runs clients that start at the same moment, and waits for all of them. */
    public static void together(int clients, IntConsumer work) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        CyclicBarrier barrier = new CyclicBarrier(clients);
        for (int client = 0; client < clients; client++) {
            int number = client;
            all.add(start(() -> {
                try {
                    barrier.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
                work.accept(number);
                return number;
            }));
        }
        all.forEach(CompletableFuture::join);
    }
}
