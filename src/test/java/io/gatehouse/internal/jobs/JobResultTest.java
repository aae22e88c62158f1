package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form of a {@link JobResult}. */
class JobResultTest {
    @Test
    void aStoredResultIsReadBack() {
        JobResult result = new JobResult(5, 1, 2, 9, false, "5 warmed");
        assertThat(JobFields.result(Map.of("result", "5 warmed", "counts", JobFields.counts(result))))
                .contains(result);
        assertThat(JobFields.counts(result)).isEqualTo("5 1 2 9 0");
    }

    @Test
    void aRunOfAnEarlierVersionHasAResultWithoutCounts() {
        assertThat(JobFields.result(Map.of("result", "3 warmed, 0 without a value, 10 failed")))
                .contains(JobResult.of("3 warmed, 0 without a value, 10 failed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2 3", "1 2 3 4 5", "-1 0 0 0 1", "99999999999999999999 0 0 0 1"})
    void malformedCountsAreIgnored(String counts) {
        assertThat(JobFields.result(Map.of("result", "done", "counts", counts))).contains(JobResult.of("done"));
    }

    @Test
    void aRunWithoutAResultHasNone() {
        assertThat(JobFields.result(Map.of("counts", "1 0 0 1 1"))).isEmpty();
    }

    @Test
    void aResultIsPartialIfItemsFailedOrWereNotTried() {
        assertThat(new JobResult(3, 0, 4, 7, true, "").isPartial()).isFalse();
        assertThat(new JobResult(3, 1, 0, 4, true, "").isPartial()).isTrue();
        assertThat(new JobResult(3, 0, 0, 0, false, "").isPartial()).isTrue();
    }

    @Test
    void negativeCountsAreRejected() {
        assertThatThrownBy(() -> new JobResult(-1, 0, 0, 0, true, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageIsCutToOneThousandCharactersInOneLine() {
        assertThat(JobResult.of("a\nb" + "x".repeat(2000)).message())
                .startsWith("a bx")
                .hasSize(1000);
    }
}
