package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the text of progress bars, and that a line with one fits into its terminal. */
class ProgressBarTest {
    private final AtomicLong now = new AtomicLong();
    private final ProgressBar bar = new ProgressBar(now::get);

    private String after(double seconds, long done, long total) {
        now.addAndGet(Duration.ofMillis((long) (seconds * 1000)).toNanos());
        return bar.text(done, total);
    }

    @Test
    void showsPartRateAndTimeLeft() {
        assertThat(after(0, 0, 0)).isEmpty();
        assertThat(after(0, 0, 1000)).isEqualTo("[                    ] 0% 0 of 1000");
        assertThat(after(5, 500, 1000)).isEqualTo("[##########          ] 50% 500 of 1000, 100/s, 5 s left");
        assertThat(after(5, 510, 1000)).isEqualTo("[##########          ] 51% 510 of 1000, 51/s, 10 s left");
        assertThat(after(0, 1000, 1000)).isEqualTo("[####################] 100% 1000 of 1000, 100/s");
    }

    @Test
    void showsTheRateWithoutATotalAndLongTimes() {
        assertThat(after(0, 1, 0)).isEqualTo("1");
        assertThat(after(2, 4, 0)).isEqualTo("4, 1.5/s");
        assertThat(new ProgressBar(() -> 0).text(7, 3))
                .as("more than expected")
                .startsWith("[####################] 100% 7 of 3");
        assertThat(after(0, 0, 10_000)).startsWith("[ ");
        assertThat(after(10, 10, 10_000)).endsWith("1.0/s, 2 h 46 min left");
        assertThat(after(990, 1000, 2000)).endsWith("1.0/s, 16 min 40 s left");
    }

    @ParameterizedTest
    @CsvSource({"20, 19", "1, 0", "0, 60", "-1, 60", "80, 60"})
    void aLineNeverWrapsInItsTerminal(int width, int length) {
        StringWriter out = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(out), true, () -> width);
        line.show("x".repeat(60));
        line.end();
        assertThat(out.toString().strip()).hasSize(length);
    }
}
