package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The part with a distance to Redis: the same rows with 0, 1 and 5 ms added to each round trip, all through the same proxy. */
final class Delays {
    private static final int ROUNDS = 3;
    private static final double SETTLE_SECONDS = 1;
    private static final List<Row> ROWS = Stream.of(Row.BARE_GET, Row.READ_3, Row.LEASED_3, Row.SPRING_1)
            .filter(row -> row.missing() == null)
            .toList();

    private Delays() {}

    private record Warm(Row row, Node node, LoadGenerator load) {}

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        List<Warm> warm = new ArrayList<>();
        try (DelayLine line = new DelayLine(run.redisPort())) {
            if (!run.redis().exists(BareGetFilter.KEY)) {
                run.redis().set(BareGetFilter.KEY, Sample.value(0, 1_400));
            }
            for (Row row : ROWS) {
                run.say("starting and warming up behind the proxy: " + row.title());
                Node node = run.keep(Node.start(row, line.port(), run.folder()));
                LoadGenerator load =
                        new LoadGenerator(row, node.port(), BenchRun.CONNECTIONS, BenchRun.CONNECTIONS, Shape.SMALL);
                warm.add(new Warm(row, node, load));
                double unused = load.run(run.warmUp());
            }
            for (int millis : List.of(0, 1, 5)) {
                line.delay(millis);
                Map<Row, Rounds.Turn<Cost>> turns = new LinkedHashMap<>();
                for (Warm one : warm) {
                    turns.put(one.row(), () -> Cost.measure(one.node(), one.load(), run.redis(), run.seconds()));
                    double unused = one.load().run(SETTLE_SECONDS);
                }
                text.append(Section.line("%n%d ms:%n%n", millis));
                text.append(RowTable.brief(Rounds.measure(turns, Math.min(ROUNDS, run.rounds())), Row.BARE_GET));
            }
        } finally {
            for (Warm one : warm) {
                one.load().close();
                one.node().close();
            }
        }
        return new Section(text.toString(), true);
    }
}
