package io.gatehouse.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DaemonThreadsTest {
    private final DaemonThreads threads = new DaemonThreads("work");

    @Test
    void waitsForTheThreadsOfATerminatedExecutor() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            BlockingQueue<Thread> worker = new LinkedBlockingQueue<>();
            ExecutorService executor = Executors.newSingleThreadExecutor(threads);
            executor.execute(() -> worker.add(Thread.currentThread()));
            executor.shutdown();
            assertThat(threads.awaitEnd(Duration.ofSeconds(10))).isTrue();
            assertThat(worker.take())
                    .returns(false, Thread::isAlive)
                    .returns(true, Thread::isDaemon)
                    .returns("work", Thread::getName);
        }
    }

    @Test
    void reportsAThreadThatHasNotEnded() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = threads.newThread(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        assertThat(threads.awaitEnd(Duration.ofMillis(10))).isFalse();
        end.countDown();
        assertThat(threads.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void awaitEndIgnoresTheCallingThread() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        Thread thread = threads.newThread(() -> {
            try {
                ended.set(threads.awaitEnd(Duration.ofSeconds(10)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        thread.join();
        assertThat(ended.get()).isTrue();
    }
}
