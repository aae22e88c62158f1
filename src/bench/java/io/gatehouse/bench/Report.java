package io.gatehouse.bench;

import io.gatehouse.bench.Application.Keeping;
import java.util.Map;

/** Formats the results of the session benchmark. */
final class Report {
    static final double LEAST_READ_RATIO = 0.6;
    static final long MOST_BYTES = 2_000;

    private Report() {}

    static Section of(Throughput<Contender> throughput, Map<Keeping, Memory> memory) {
        StringBuilder text = new StringBuilder();
        text.append(
                "| | requests/s | ratio to the bare GET | lowest - highest of the rounds |\n|---|---:|---:|---:|\n");
        for (Contender contender : Contender.values()) {
            double[] range = throughput.range(contender, Contender.BARE_GET);
            text.append(Section.line(
                    "| %s | %,.0f | %.2f | %.2f - %.2f |%n",
                    contender.title(),
                    throughput.median(contender),
                    throughput.ratio(contender, Contender.BARE_GET),
                    range[0],
                    range[1]));
        }
        text.append("\n| | bytes a session (`MEMORY USAGE`) | growth of `used_memory` a session |\n|---|---:|---:|\n");
        memory.forEach((keeping, bytes) ->
                text.append(Section.line("| %s | %,d | %,d |%n", title(keeping), bytes.counted(), bytes.grown())));
        double ratio = throughput.ratio(Contender.GATEHOUSE_READ, Contender.BARE_GET);
        text.append(Section.line(
                "%nBudgets: a read of at least %.1f of a bare GET: %.2f, %s. At most %,d bytes a session: %,d, %s.%n",
                LEAST_READ_RATIO,
                ratio,
                Section.kept(ratio >= LEAST_READ_RATIO),
                MOST_BYTES,
                bytes(memory),
                Section.kept(isMemoryKept(memory))));
        return new Section(text.toString(), isMemoryKept(memory));
    }

    /** Returns the ratios to the bare GET as a chart. */
    static BarChart chart(Throughput<Contender> throughput) {
        BarChart chart = new BarChart("Requests per second, as a ratio to a filter that sends one GET");
        for (Contender contender : Contender.values()) {
            chart.add(
                    contender.title(),
                    throughput.ratio(contender, Contender.BARE_GET),
                    throughput.range(contender, Contender.BARE_GET));
        }
        return chart;
    }

    private static boolean isMemoryKept(Map<Keeping, Memory> memory) {
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
}
