package io.gatehouse.internal.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The text of a progress bar with rate and time left, such as {@code [#####     ] 50% 500 of 1000, 100/s, 5 s left}. The rate is that since
 * the first call. Not thread-safe.
 */
final class ProgressBar {
    private static final int CELLS = 20;

    private final LongSupplier nanoTime;
    private long startNanos;
    private long startDone = -1;

    ProgressBar(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the bar; without cells if the total is unknown, and empty if nothing is known.
     *
     * @param total 0 if it is unknown
     */
    String text(long done, long total) {
        long now = nanoTime.getAsLong();
        if (startDone < 0 || done < startDone) {
            startDone = done;
            startNanos = now;
        }
        if (done <= 0 && total <= 0) {
            return "";
        }
        double seconds = (now - startNanos) / 1e9;
        double rate = seconds < 1 ? 0 : (done - startDone) / seconds;
        StringBuilder text = new StringBuilder();
        if (total > 0) {
            double part = Math.min(1, Math.max(0, (double) done / total));
            int filled = (int) (part * CELLS);
            text.append('[')
                    .append("#".repeat(filled))
                    .append(" ".repeat(CELLS - filled))
                    .append("] ");
            text.append((int) (part * 100)).append("% ");
        }
        text.append(done);
        if (total > 0) {
            text.append(" of ").append(total);
        }
        if (rate > 0) {
            text.append(String.format(Locale.ROOT, rate < 10 ? ", %.1f/s" : ", %.0f/s", rate));
            if (total > done) {
                text.append(", ").append(left((total - done) / rate)).append(" left");
            }
        }
        return text.toString();
    }

    private static String left(double seconds) {
        Duration left = Duration.ofSeconds((long) Math.ceil(Math.min(seconds, 1e9)));
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0
                        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
                        : left.toSeconds() + " s";
    }
}
