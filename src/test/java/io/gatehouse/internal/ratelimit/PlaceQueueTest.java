package io.gatehouse.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests of the queue of requests that wait for a place. */
class PlaceQueueTest {
    private static final List<String> ALICE = List.of("alice");

    private final AtomicLong now = new AtomicLong();
    private final PlaceQueue placeQueue = new PlaceQueue(Duration.ofSeconds(2), 2, now::get);

    private CompletableFuture<Boolean> waits(AtomicBoolean free, AtomicInteger tries) {
        return CompletableFuture.supplyAsync(
                () -> placeQueue.await(ALICE, () -> {
                    tries.incrementAndGet();
                    return free.get();
                }),
                task -> new Thread(task).start());
    }

    private void waiting(int count) {
        Eventually.within(
                Duration.ofSeconds(5), () -> assertThat(placeQueue.waiting()).isEqualTo(count));
    }

    @Test
    void aReleasedPlaceWakesTheRequest() {
        AtomicBoolean free = new AtomicBoolean();
        CompletableFuture<Boolean> request = waits(free, new AtomicInteger());
        waiting(1);
        free.set(true);
        placeQueue.released(ALICE);
        assertThat(request.join()).isTrue();
        assertThat(placeQueue.waiting()).isZero();
    }

    @Test
    void aRequestPollsForPlacesOfOtherNodesAndGivesUpAfterTheLongestWait() {
        AtomicInteger tries = new AtomicInteger();
        CompletableFuture<Boolean> request = waits(new AtomicBoolean(), tries);
        Eventually.within(Duration.ofSeconds(5), () -> assertThat(tries.get()).isPositive());
        now.set(Duration.ofSeconds(2).toNanos());
        assertThat(request.join()).isFalse();
        assertThat(placeQueue.waiting()).isZero();
    }

    @Test
    void noMoreLoginsWaitForAPlaceThanAllowed() {
        AtomicBoolean free = new AtomicBoolean();
        List<CompletableFuture<Boolean>> requests =
                List.of(waits(free, new AtomicInteger()), waits(free, new AtomicInteger()));
        waiting(2);
        AtomicInteger tries = new AtomicInteger();
        assertThat(waits(free, tries).join()).isFalse();
        assertThat(tries).hasValue(0);
        free.set(true);
        assertThat(requests).allMatch(CompletableFuture::join);
    }

    @Test
    void anInterruptedRequestGivesUpAndKeepsItsFlag() {
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            boolean found = placeQueue.await(ALICE, () -> false);
            flag.set(!found && Thread.currentThread().isInterrupted());
        });
        thread.start();
        waiting(1);
        thread.interrupt();
        Eventually.within(Duration.ofSeconds(5), () -> assertThat(flag).isTrue());
        assertThat(placeQueue.waiting()).isZero();
    }

    @Test
    void anExceptionInARetryLeavesTheQueueEmpty() {
        CompletableFuture<Boolean> request = CompletableFuture.supplyAsync(
                () -> placeQueue.await(ALICE, () -> {
                    throw new StackOverflowError();
                }),
                task -> new Thread(task).start());
        assertThat(request.handle((found, thrown) -> thrown).join()).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(placeQueue.waiting()).isZero();
    }
}
