package io.gatehouse.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The periodic tasks of an application. */
class ApplicationScheduleTest {

    @Test
    void reloadsRateLimitsWhenTheirFileChanges(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("limits"), "r.level = ip\nr.limit = 5/min");
        try (TestRedis redis = TestRedis.start();
                LogCapture log = new LogCapture("io.gatehouse");
                App app = App.with(redis.url())
                        .set("GATEHOUSE_RATE_LIMITS", "")
                        .set("GATEHOUSE_RATE_LIMITS_FILE", file.toString())
                        .start()) {
            Files.writeString(file, "r.level = ip\nr.limit = 6/min");
            Eventually.within(Duration.ofSeconds(20), () -> {
                app.gatehouse().taskSchedule().tick(TaskSchedule.Driver.THREAD);
                assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO reloaded the rate limits from " + file));
            });
        }
    }
}
