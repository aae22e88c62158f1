package io.gatehouse.bench;

import io.gatehouse.bench.Application.Keeping;
import java.util.Locale;
import java.util.Map;

/** The numbers of one run in Markdown. */
final class Report {
    static final double LEAST_READ_RATIO = 0.6;
    static final long MOST_BYTES = 2_000;

    private Report() {}

    static String of(String circumstances, Speed speed, Map<Keeping, Memory> memory) {
        StringBuilder text = new StringBuilder(circumstances).append('\n');
        text.append(
                "| | requests/s | ratio to the bare GET | lowest - highest of the rounds |\n|---|---:|---:|---:|\n");
        for (Contender contender : Contender.values()) {
            double[] range = speed.range(contender);
            text.append(line(
                    "| %s | %,.0f | %.2f | %.2f - %.2f |%n",
                    contender.title(), speed.median(contender), speed.ratio(contender), range[0], range[1]));
        }
        text.append("\n| | bytes a session (`MEMORY USAGE`) | growth of `used_memory` a session |\n|---|---:|---:|\n");
        memory.forEach((keeping, bytes) ->
                text.append(line("| %s | %,d | %,d |%n", title(keeping), bytes.counted(), bytes.grown())));
        double ratio = speed.ratio(Contender.GATEHOUSE_READ);
        text.append(line(
                "%nBudgets: a read of at least %.1f of a bare GET: %.2f, %s. At most %,d bytes a session: %,d, %s.%n",
                LEAST_READ_RATIO,
                ratio,
                kept(ratio >= LEAST_READ_RATIO),
                MOST_BYTES,
                bytes(memory),
                kept(isMemoryKept(memory))));
        return text.toString();
    }

    static boolean isMemoryKept(Map<Keeping, Memory> memory) {
        return bytes(memory) <= MOST_BYTES;
    }

    private static long bytes(Map<Keeping, Memory> memory) {
        return memory.getOrDefault(Keeping.GATEHOUSE, new Memory(Long.MAX_VALUE, 0))
                .counted();
    }

    private static String title(Keeping keeping) {
        return switch (keeping) {
            case GATEHOUSE -> "Gatehouse";
            case SPRING -> "Spring Session, `RedisSessionRepository`";
            case SPRING_INDEXED -> "Spring Session, `RedisIndexedSessionRepository`";
            default -> keeping.name();
        };
    }

    private static String kept(boolean kept) {
        return kept ? "kept" : "NOT kept";
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
