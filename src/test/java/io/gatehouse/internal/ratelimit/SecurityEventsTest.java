package io.gatehouse.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests of the queue of events. */
class SecurityEventsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final SecurityEvents events = new SecurityEvents(nanos::get);
    private final List<Object> observed = new ArrayList<>();
    private final Queue<Runnable> background = new ArrayDeque<>();

    private void publish(String subject, long seconds) {
        events.publish(subject, Duration.ofSeconds(seconds), () -> subject);
    }

    private void runBackground() {
        for (Runnable work = background.poll(); work != null; work = background.poll()) {
            work.run();
        }
    }

    @Test
    void nothingIsQueuedBeforeThereAreObservers() {
        publish("a", 1);
        events.open(observed::add, background::add);
        assertThat(background).isEmpty();
        publish("a", 1);
        assertThat(observed).isEmpty();
        runBackground();
        assertThat(observed).containsExactly("a");
    }

    @Test
    void aSubjectHasOneEventInItsTimeAndInAMinute() {
        events.open(observed::add, background::add);
        publish("short", 1);
        publish("long", 120);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        publish("short", 1);
        publish("long", 120);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        publish("short", 1);
        publish("long", 120);
        runBackground();
        assertThat(observed).containsExactly("short", "long", "short");
    }

    @Test
    void anObserverThatThrowsDoesNotKeepTheNextEventFromIt() {
        events.open(
                event -> {
                    observed.add(event);
                    throw new IllegalStateException("broken observer");
                },
                background::add);
        try (LogCapture log = new LogCapture(SecurityEvents.class.getName())) {
            publish("a", 1);
            publish("b", 1);
            runBackground();
            assertThat(observed).containsExactly("a", "b");
            assertThat(log.lines()).hasSize(2);
        }
    }

    @Test
    void anObserverWhoseClassCannotBeLoadedDoesNotKeepTheNextEventFromIt() {
        events.open(
                event -> {
                    observed.add(event);
                    throw new NoClassDefFoundError("a class of the application");
                },
                background::add);
        publish("a", 1);
        publish("b", 1);
        runBackground();
        assertThat(observed).containsExactly("a", "b");
    }

    @Test
    void eventsBeyondTheBoundAreDroppedAndCounted() {
        events.open(observed::add, background::add);
        try (LogCapture log = new LogCapture(SecurityEvents.class.getName())) {
            for (int i = 0; i < SecurityEvents.MOST_WAITING + 7; i++) {
                publish("subject" + i, 1);
            }
            assertThat(background).hasSize(1);
            runBackground();
            assertThat(observed).hasSize(SecurityEvents.MOST_WAITING);
            assertThat(log.lines()).singleElement().asString().contains("dropped 7 events");
        }
    }

    @Test
    void aBusyExecutorIsTriedAgainWithTheNextEvent() {
        List<Runnable> refused = new ArrayList<>();
        events.open(observed::add, work -> {
            if (refused.isEmpty()) {
                refused.add(work);
                throw new RejectedExecutionException();
            }
            work.run();
        });
        publish("a", 1);
        publish("b", 1);
        assertThat(observed).containsExactly("a", "b");
    }
}
