package io.gatehouse.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.schedule.TaskSchedule.Driver;
import io.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TaskScheduleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong();
    private final List<String> done = new ArrayList<>();
    private final TaskSchedule taskSchedule = new TaskSchedule(now::get);

    @Test
    void aFailingTaskIsLoggedAndOtherTasksStillRun() {
        taskSchedule.every(SECOND, "first", this::fail).every(SECOND, "second", () -> done.add("second"));
        now.addAndGet(SECOND.toNanos());
        try (LogCapture log = new LogCapture("io.gatehouse.internal.schedule")) {
            taskSchedule.tick(Driver.THREAD);
            assertThat(log.lines()).containsExactly("WARNING first failed and will be retried: unavailable");
        }
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void aClosedScheduleStartsNoTaskAndLogsNoWarning() {
        taskSchedule
                .every(SECOND, "first", () -> {
                    taskSchedule.close();
                    fail();
                })
                .every(SECOND, "second", () -> done.add("second"));
        now.addAndGet(SECOND.toNanos());
        try (LogCapture log = new LogCapture("io.gatehouse.internal.schedule")) {
            taskSchedule.tick(Driver.THREAD);
            taskSchedule.tick(Driver.THREAD);
            assertThat(log.lines()).noneMatch(line -> line.startsWith("WARNING"));
        }
        assertThat(done).containsExactly("first");
    }

    private void fail() {
        done.add("first");
        throw new IllegalStateException("unavailable");
    }
}
