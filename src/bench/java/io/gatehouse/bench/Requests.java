package io.gatehouse.bench;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The main part of the benchmark: every row at 16 connections with a session for each, and the speed from the first request on. */
final class Requests {
    private static final List<Row> CURVES = List.of(Row.READ_3, Row.WARMED, Row.LEASED_3, Row.BARE_GET, Row.SPRING_1);

    private Requests() {}

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        List<Row> skipped =
                Stream.of(Row.values()).filter(row -> row.missing() != null).toList();
        List<Row> rows = Stream.of(Row.values())
                .filter(row -> row.missing() == null && row != Row.WARMED && row != Row.IDLE)
                .toList();
        if (Row.WARMED.missing() == null) {
            curveOnly(run);
        }
        Node unused = run.warm(Row.READ_3); // first: the bare GET reads as many bytes as this row
        Rounds<Row, Cost> rounds =
                run.measure(rows, run.rounds(), BenchRun.CONNECTIONS, BenchRun.CONNECTIONS, Shape.SMALL);
        run.chart(
                "requests",
                RowTable.chart("Requests per second, as a ratio to a filter with one GET", rounds, Row.BARE_GET));
        run.chart("latency", RowTable.latencyChart("Latency at 16 connections: median and 99th percentile", rounds));
        goals(run.goals(), rounds);
        StringBuilder text = new StringBuilder();
        text.append(RowTable.of(rounds, Row.BARE_GET));
        text.append(RowTable.skipped(skipped));
        text.append("\n![Requests per second](benchmarks/requests.svg)\n\n![Latency](benchmarks/latency.svg)\n");
        text.append(comparison(rounds));
        text.append(curves(run, rounds));
        return new Section(text.toString(), true);
    }

    private static void curveOnly(BenchRun run) throws IOException, InterruptedException {
        Node unused = run.warm(Row.WARMED);
        run.end(Row.WARMED); // only its first seconds matter
    }

    private static void goals(Goals goals, Rounds<Row, Cost> rounds) throws IOException {
        goals.put(Goal.READ, rounds.ratio(Row.READ_3, Row.BARE_GET, Cost::rate));
        goals.put(Goal.READ_SPRING, rounds.ratio(Row.READ_3, Row.SPRING_1, Cost::rate));
        boolean leased = rounds.has(Row.LEASED_3);
        goals.put(Goal.LEASED, leased ? rounds.ratio(Row.LEASED_3, Row.BARE_GET, Cost::rate) : Double.NaN);
        goals.put(Goal.LEASED_SPRING, leased ? rounds.ratio(Row.LEASED_3, Row.SPRING_1, Cost::rate) : Double.NaN);
        goals.put(
                Goal.CONTAINER,
                rounds.has(Row.CONTAINER_3) ? rounds.ratio(Row.CONTAINER_3, Row.READ_3, Cost::rate) : Double.NaN);
        goals.put(Goal.WRITE, rounds.ratio(Row.WRITE_3, Row.BARE_GET, Cost::rate));
        goals.put(Goal.REFUSED, rounds.ratio(Row.REFUSED, Row.NO_FILTER, Cost::rate));
        goals.put(Goal.NO_COOKIE, rounds.ratio(Row.NO_COOKIE, Row.NO_FILTER, Cost::rate));
        goals.put(Goal.P99_16, rounds.ratio(Row.READ_3, Row.BARE_GET, cost -> cost.millis(0.99)));
        goals.put(Goal.ALLOCATION, rounds.median(Row.READ_3, Cost::kilobytes));
    }

    /** Returns how many times as fast as Spring Session and Bucket4j the rows with the same work are. */
    private static String comparison(Rounds<Row, Cost> rounds) {
        StringBuilder text =
                new StringBuilder("\n| times the requests/s of | Spring Session, Bucket4j 1 rule | 3 rules |"
                        + " indexed, 1 rule | indexed, 3 rules |\n|---|---:|---:|---:|---:|\n");
        for (Row row : List.of(Row.READ_3, Row.LEASED_3)) {
            if (rounds.has(row)) {
                text.append(Section.line(
                        "| %s | %.1f | %.1f | %.1f | %.1f |%n",
                        row.title(),
                        rounds.ratio(row, Row.SPRING_1, Cost::rate),
                        rounds.ratio(row, Row.SPRING_3, Cost::rate),
                        rounds.ratio(row, Row.INDEXED_1, Cost::rate),
                        rounds.ratio(row, Row.INDEXED_3, Cost::rate)));
            }
        }
        return text.toString();
    }

    private static String curves(BenchRun run, Rounds<Row, Cost> rounds) throws IOException {
        LineChart chart =
                new LineChart("Speed from the first request on, as a share of the steady speed", Curve.PERIOD);
        StringBuilder text = new StringBuilder("\nFrom the first request on, requests a second in each ");
        text.append(Section.line(
                "%d s:%n%n| | steady | after 8 s | every %d s |%n|---|---:|---:|---|%n", Curve.PERIOD, Curve.PERIOD));
        for (Row row : CURVES) {
            if (row.missing() == null) {
                double steady = rounds.median(row == Row.WARMED ? Row.READ_3 : row, Cost::rate);
                Curve curve = run.curve(row);
                double share = curve.shareAfter8Seconds(steady);
                if (row == Row.READ_3 || row == Row.WARMED) {
                    run.goals().put(row == Row.WARMED ? Goal.WARMED : Goal.WARM, share);
                }
                chart.add(
                        row.title(),
                        curve.rates().stream().map(rate -> rate / steady).toList());
                text.append(Section.line(
                        "| %s | %,.0f | %s | %s |%n",
                        row.title(),
                        steady,
                        Double.isNaN(share) ? "" : Section.line("%.0f %%", share * 100),
                        curve.rates().stream()
                                .map(rate -> Section.line("%,.0f", rate))
                                .collect(java.util.stream.Collectors.joining("; "))));
            }
        }
        run.chart("warm-up", chart.svg());
        return text.append("\n![Warm-up](benchmarks/warm-up.svg)\n").toString();
    }
}
