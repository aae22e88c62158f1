package io.gatehouse.internal.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> next(String expression, ZoneId zone, String after, int count) {
        CronSchedule schedule = CronSchedule.parse(expression, zone);
        List<String> found = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = schedule.next(at).orElseThrow();
            found.add(at.toString());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 3 * * *      | 2026-01-01T02:59:59.999Z | 2026-01-01T03:00:00Z
            0 3 * * *      | 2026-01-01T03:00:00Z     | 2026-01-02T03:00:00Z
            */15 * * * *   | 2026-01-01T03:01:00Z     | 2026-01-01T03:15:00Z
            0 0 29 2 *     | 2026-01-01T00:00:00Z     | 2028-02-29T00:00:00Z
            0 12 * * MON   | 2026-11-26T00:00:00Z     | 2026-11-30T12:00:00Z
            0 0 * * 7      | 2026-11-26T00:00:00Z     | 2026-11-29T00:00:00Z
            0 0 13 * 5     | 2026-11-26T00:00:00Z     | 2026-11-27T00:00:00Z
            """)
    void findsTheNextFireTime(String expression, String after, String expected) {
        assertThat(next(expression, ZoneId.of("UTC"), after, 1)).containsExactly(expected);
    }

    @Test
    void firesByTheLocalTimeOfItsZone() {
        assertThat(next("0 3 * * *", BERLIN, "2026-03-27T12:00:00Z", 3))
                .containsExactly("2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z");
    }

    /** On 2026-03-29 the clocks in Berlin go from 02:00 to 03:00, which is 01:00 UTC. */
    @Test
    void aLocalTimeThatIsSkippedFiresOnceAtTheChange() {
        assertThat(next("30 2 * * *", BERLIN, "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(next("*/20 2 * * *", BERLIN, "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
        assertThat(next("*/30 * * * *", BERLIN, "2026-03-29T00:10:00Z", 3))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    /** On 2026-10-25 the clocks in Berlin go from 03:00 back to 02:00, which is 01:00 UTC. */
    @Test
    void aRepeatedLocalTimeFiresOnceUnlessEveryHourFires() {
        assertThat(next("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(next("0 3 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z");
        assertThat(next("*/30 * * * *", BERLIN, "2026-10-25T00:00:00Z", 4))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 3 * * *    | 2026-01-01T03:00:00Z | 2026-01-01T03:00:00Z
            0 3 * * *    | 2026-01-01T02:59:59Z | 2025-12-31T03:00:00Z
            * * * * *    | 2026-01-01T02:59:59Z | 2026-01-01T02:59:00Z
            0 0 1 1 *    | 2026-11-26T00:00:00Z | 2026-01-01T00:00:00Z
            """)
    void findsThePreviousFireTime(String expression, String until, String expected) {
        assertThat(CronSchedule.parse(expression, ZoneId.of("UTC")).previous(Instant.parse(until)))
                .contains(Instant.parse(expected));
    }

    @Test
    void looksBackAYearOnly() {
        assertThat(CronSchedule.parse("0 0 29 2 *", BERLIN).previous(Instant.parse("2026-11-26T00:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
    void refusesAnExpressionThatNeverFires(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression, BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + expression + "' never fires");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "61 * * * *",
                "0 3 * *",
                "0 3 * * * *",
                "@daily",
                "0 0 L * *",
                "*/0 * * * *",
                "0 0 10-5 * *",
                "a b c d e",
                "0 3 * * * \0",
                "-1 * * * *"
            })
    void refusesAnInvalidExpression(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression, BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> CronSchedule.parse("0 3 * * *" + " ".repeat(200), BERLIN))
                .hasMessageContaining("at most 200");
    }
}
