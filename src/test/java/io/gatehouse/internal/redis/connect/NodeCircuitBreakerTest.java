package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeCircuitBreakerTest {
    private final Exception failure = new Exception("the node failed");

    private final NodeCircuitBreaker breaker = new NodeCircuitBreaker("localhost:6379");

    /** Records results: S is a success, F a failure. */
    private void record(String results) {
        results.chars().forEach(result -> {
            if (result == 'F') {
                breaker.failed(failure);
            } else {
                breaker.succeeded();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'',            false",
        "FFFF,          false",
        "FFFFF,         true",
        "SFF,           false",
        "FSFSFS,        false",
        "SFSFSFSFSF,    true",
        "FSSFFFSSSF,    true",
        "FSSFFFSSSSF,   false",
        "FFFFSSSSSSF,   false",
        "FFFFSSSSSSSSSSFFFF, false",
        "FFFFSSSSSSSSSSFFFFF, true",
    })
    void opensWhenFiveOfTheLastTenResultsAreFailures(String results, boolean opens) {
        record(results);
        assertThat(breaker.isOpen()).isEqualTo(opens);
    }

    @Test
    void staysClosedIfFailuresAreRare() {
        record(("S".repeat(50) + "FF").repeat(100));
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void staysOpenWhateverResultsAreRecorded() {
        record("FFFFF" + "S".repeat(100) + "F");
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void closingAnOpenBreakerForgetsItsFailures() {
        record("FFFFF");
        breaker.close();
        assertThat(breaker.isOpen()).isFalse();
        record("FFFF");
        assertThat(breaker.isOpen()).isFalse();
        record("F");
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void closingAClosedBreakerKeepsItsFailures() {
        record("FFFF");
        breaker.close();
        record("F");
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void opensAndClosesOnRequest() {
        breaker.open();
        breaker.open();
        assertThat(breaker.isOpen()).isTrue();
        breaker.close();
        breaker.close();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void losesNoFailureWhenThreadsRecordConcurrently() throws InterruptedException {
        int threads = 5;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                CountDownLatch start = new CountDownLatch(1);
                CountDownLatch done = new CountDownLatch(threads);
                for (int i = 0; i < threads; i++) {
                    executor.execute(() -> {
                        try {
                            start.await();
                            breaker.failed(failure);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } finally {
                            done.countDown();
                        }
                    });
                }
                start.countDown();
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(breaker.isOpen()).isTrue();
                breaker.close();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
