package io.gatehouse.bench;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The part that varies one thing at a time: the number of connections, the number of sessions, and their size. */
final class Variations {
    private static final int ROUNDS = 3;
    private static final List<Row> ROWS = Stream.of(Row.READ_3, Row.BARE_GET, Row.LEASED_3, Row.SPRING_1, Row.REDISSON)
            .filter(row -> row.missing() == null)
            .toList();

    private Variations() {}

    private record Variation(String title, int connections, int sessions, Shape shape) {}

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        int usual = BenchRun.CONNECTIONS;
        List<Variation> variations = List.of(
                new Variation("1 connection, 1 session", 1, 1, Shape.SMALL),
                new Variation("16 connections, 1 session", usual, 1, Shape.SMALL),
                new Variation("16 connections, 1,000 sessions", usual, 1_000, Shape.SMALL),
                new Variation("64 connections, 64 sessions", 64, 64, Shape.SMALL),
                new Variation("16 connections, 16 sessions of 100 attributes of 60 bytes", usual, usual, Shape.MANY),
                new Variation("16 connections, 16 sessions of 1 MB in 10 attributes", usual, usual, Shape.LARGE));
        StringBuilder text = new StringBuilder();
        for (Variation variation : variations) {
            run.say(variation.title());
            Rounds<Row, Cost> rounds = run.measure(
                    ROWS,
                    Math.min(ROUNDS, run.rounds()),
                    variation.connections(),
                    variation.sessions(),
                    variation.shape());
            text.append('\n').append(Section.line("%s:%n%n", variation.title()));
            text.append(RowTable.brief(rounds, Row.BARE_GET));
            if (variation.sessions() == 1 && variation.connections() == usual) {
                goals(run.goals(), rounds, Goal.READ_1, Goal.LEASED_1);
            }
            if (variation.sessions() == 1_000) {
                goals(run.goals(), rounds, Goal.READ_1000, Goal.LEASED_1000);
            }
            if (variation.connections() == 64) {
                run.goals().put(Goal.P99_64, rounds.ratio(Row.READ_3, Row.BARE_GET, cost -> cost.millis(0.99)));
                run.chart(
                        "latency-64",
                        RowTable.latencyChart("Latency at 64 connections: median and 99th percentile", rounds));
                text.append("\n![Latency at 64 connections](benchmarks/latency-64.svg)\n");
            }
        }
        return new Section(text.toString(), true);
    }

    private static void goals(Goals goals, Rounds<Row, Cost> rounds, Goal strict, Goal leased) throws IOException {
        goals.put(strict, rounds.ratio(Row.READ_3, Row.BARE_GET, Cost::rate));
        goals.put(leased, rounds.has(Row.LEASED_3) ? rounds.ratio(Row.LEASED_3, Row.BARE_GET, Cost::rate) : Double.NaN);
    }
}
