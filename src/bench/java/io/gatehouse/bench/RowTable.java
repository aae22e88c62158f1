package io.gatehouse.bench;

import java.util.Collection;
import java.util.stream.Collectors;

/** Formats the measurements of rows. */
final class RowTable {
    private RowTable() {}

    static String of(Rounds<Row, Cost> rounds, Row baseline) {
        StringBuilder text = new StringBuilder("| | requests/s | of " + baseline.title() + " | lowest - highest"
                + " | CPU of request threads, µs | of the process, µs | of Redis, µs | allocated, KB | p50, ms | p99, ms |\n"
                + "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (Row row : rounds.contenders()) {
            double[] range = rounds.range(row, baseline, Cost::rate);
            text.append(Section.line(
                    "| %s | %,.0f | %.2f | %.2f - %.2f | %.1f | %.1f | %.1f | %.1f | %.2f | %.2f |%n",
                    row.title(),
                    rounds.median(row, Cost::rate),
                    rounds.ratio(row, baseline, Cost::rate),
                    range[0],
                    range[1],
                    rounds.median(row, Cost::requestMicros),
                    rounds.median(row, Cost::processMicros),
                    rounds.median(row, Cost::redisMicros),
                    rounds.median(row, Cost::kilobytes),
                    rounds.median(row, cost -> cost.millis(0.5)),
                    rounds.median(row, cost -> cost.millis(0.99))));
        }
        return text.toString();
    }

    /** Returns a short table for measurements that repeat the same rows under another condition. */
    static String brief(Rounds<Row, Cost> rounds, Row baseline) {
        StringBuilder text = new StringBuilder("| | requests/s | of " + baseline.title()
                + " | lowest - highest | p50, ms | p99, ms |\n|---|---:|---:|---:|---:|---:|\n");
        for (Row row : rounds.contenders()) {
            double[] range = rounds.range(row, baseline, Cost::rate);
            text.append(Section.line(
                    "| %s | %,.0f | %.2f | %.2f - %.2f | %.2f | %.2f |%n",
                    row.title(),
                    rounds.median(row, Cost::rate),
                    rounds.ratio(row, baseline, Cost::rate),
                    range[0],
                    range[1],
                    rounds.median(row, cost -> cost.millis(0.5)),
                    rounds.median(row, cost -> cost.millis(0.99))));
        }
        return text.toString();
    }

    /** Returns a line that names the rows that this build or machine cannot measure, or nothing. */
    static String skipped(Collection<Row> rows) {
        return rows.isEmpty()
                ? ""
                : rows.stream()
                        .map(row -> row.title() + " (" + row.missing() + ")")
                        .collect(Collectors.joining(", ", "\nSkipped: ", ".\n"));
    }

    /** Returns the ratios to the baseline as a chart. */
    static String chart(String title, Rounds<Row, Cost> rounds, Row baseline) {
        BarChart chart = new BarChart(title);
        for (Row row : rounds.contenders()) {
            chart.add(
                    row.title(),
                    row.isGatehouse(),
                    rounds.ratio(row, baseline, Cost::rate),
                    rounds.range(row, baseline, Cost::rate));
        }
        return chart.svg();
    }

    /** Returns the median and the 99th percentile of the latency of each row as a chart. */
    static String latencyChart(String title, Rounds<Row, Cost> rounds) {
        LatencyChart chart = new LatencyChart(title);
        for (Row row : rounds.contenders()) {
            chart.add(
                    row.title(),
                    row.isGatehouse(),
                    rounds.median(row, cost -> cost.millis(0.5)),
                    rounds.median(row, cost -> cost.millis(0.99)));
        }
        return chart.svg();
    }
}
