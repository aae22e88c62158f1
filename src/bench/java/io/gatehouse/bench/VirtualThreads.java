package io.gatehouse.bench;

import io.gatehouse.run.Jdks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part with virtual threads: the bare GET and the read, each with platform threads and with virtual threads on the same newer JDK. */
final class VirtualThreads {
    private static final int VERSION = 25;
    private static final List<Row> ROWS = List.of(Row.BARE_GET, Row.READ_3);

    private VirtualThreads() {}

    private record Contender(Row row, boolean virtual) {
        String title() {
            return row.title() + (virtual ? ", virtual threads" : ", platform threads");
        }
    }

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        Optional<Path> jdk = jdk();
        if (jdk.isEmpty()) {
            return new Section(
                    Section.line("%nSkipped: no JDK %d was found; `-Dbench.jdk=...` names one.%n", VERSION), true);
        }
        if (!run.redis().exists(BareGetFilter.KEY)) {
            run.redis().set(BareGetFilter.KEY, Sample.value(0, 1_400));
        }
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Map<Contender, Rounds.Turn<Cost>> turns = new LinkedHashMap<>();
            for (Row row : ROWS) {
                for (boolean virtual : List.of(false, true)) {
                    Contender contender = new Contender(row, virtual);
                    run.say("starting and warming up: " + contender.title());
                    Node node = run.keep(Node.start(
                            row,
                            run.redisPort(),
                            run.folder(),
                            jdk.get(),
                            Map.of(Application.VIRTUAL_THREADS, "" + virtual)));
                    open.add(node);
                    LoadGenerator load = new LoadGenerator(
                            row, node.port(), BenchRun.CONNECTIONS, BenchRun.CONNECTIONS, Shape.SMALL);
                    open.add(load);
                    double unused = load.run(run.warmUp());
                    turns.put(contender, () -> Cost.measure(node, load, run.redis(), run.seconds()));
                }
            }
            return new Section(text(Jdks.versionOf(jdk.get()), Rounds.measure(turns, run.rounds())), true);
        } finally {
            for (AutoCloseable resource : open) {
                BenchRun.close(resource);
            }
        }
    }

    /** Returns the JDK that {@code -Dbench.jdk=...} names, or the oldest one that is new enough. */
    private static Optional<Path> jdk() throws IOException {
        String configured = System.getProperty("bench.jdk", "");
        return configured.isEmpty() ? Jdks.atLeast(VERSION).stream().findFirst() : Optional.of(Path.of(configured));
    }

    private static String text(int version, Rounds<Contender, Cost> rounds) {
        StringBuilder text = new StringBuilder(Section.line(
                "%nJava %d:%n%n| | requests/s | of the same with platform threads | CPU of the process, µs | p50, ms | p99, ms |%n",
                version));
        text.append("|---|---:|---:|---:|---:|---:|\n");
        for (Contender contender : rounds.contenders()) {
            text.append(Section.line(
                    "| %s | %,.0f | %.2f | %.1f | %.2f | %.2f |%n",
                    contender.title(),
                    rounds.median(contender, Cost::rate),
                    rounds.ratio(contender, new Contender(contender.row(), false), Cost::rate),
                    rounds.median(contender, Cost::processMicros),
                    rounds.median(contender, cost -> cost.millis(0.5)),
                    rounds.median(contender, cost -> cost.millis(0.99))));
        }
        return text.toString();
    }
}
