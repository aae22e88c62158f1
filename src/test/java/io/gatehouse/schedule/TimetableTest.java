package io.gatehouse.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.schedule.Timetable.Driver;
import io.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong();
    private final List<String> done = new ArrayList<>();
    private final Timetable timetable = new Timetable(now::get);

    @Test
    void workThatFailsIsReportedAndTheRestIsDone() {
        timetable.every(SECOND, "first", this::fail).every(SECOND, "second", () -> done.add("second"));
        now.addAndGet(SECOND.toNanos());
        try (LogCapture log = new LogCapture("io.gatehouse.schedule")) {
            timetable.tick(Driver.THREAD);
            assertThat(log.lines()).containsExactly("WARNING first failed and will be tried again: away");
        }
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void onceItIsClosedNothingIsBegunAndWhatFailsThenIsNoFailure() {
        timetable
                .every(SECOND, "first", () -> {
                    timetable.close();
                    fail();
                })
                .every(SECOND, "second", () -> done.add("second"));
        now.addAndGet(SECOND.toNanos());
        try (LogCapture log = new LogCapture("io.gatehouse.schedule")) {
            timetable.tick(Driver.THREAD);
            timetable.tick(Driver.THREAD);
            assertThat(log.lines()).noneMatch(line -> line.startsWith("WARNING"));
        }
        assertThat(done).containsExactly("first");
    }

    private void fail() {
        done.add("first");
        throw new IllegalStateException("away");
    }
}
