package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobBackoffTest {
    @ParameterizedTest
    @CsvSource({
        "PT10S, 1, 1, PT10S",
        "PT10S, 1, 0, PT5S",
        "PT10S, 2, 1, PT20S",
        "PT10S, 4, 0.5, PT1M",
        "PT10S, 99, 1, PT1H",
        "PT24H, 1, 1, PT24H",
        "PT24H, 5, 1, PT24H",
        "PT0S, 50, 1, PT0S"
    })
    void doublesUpToAnHourAndVaries(Duration base, int attempts, double random, Duration expected) {
        assertThat(JobBackoff.pause(base, attempts, random)).isEqualTo(expected);
    }
}
