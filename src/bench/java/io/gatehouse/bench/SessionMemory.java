package io.gatehouse.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The part about the memory that a session takes in Redis. Its budget fails the build. */
final class SessionMemory {
    static final long MOST_BYTES = 2_000;

    private SessionMemory() {}

    static Section measure(BenchRun run) throws IOException {
        Map<String, Memory> memory = new LinkedHashMap<>();
        memory.put("Gatehouse", of(run, Row.READ));
        memory.put("Spring Session, `RedisSessionRepository`", of(run, Row.SPRING_1));
        memory.put("Spring Session, `RedisIndexedSessionRepository`", of(run, Row.INDEXED_1));
        memory.put("Redisson", of(run, Row.REDISSON));
        StringBuilder text = new StringBuilder(
                "\n| | bytes a session (`MEMORY USAGE`) | growth of `used_memory` a session |\n|---|---:|---:|\n");
        memory.forEach((title, bytes) ->
                text.append(Section.line("| %s | %,d | %,d |%n", title, bytes.counted(), bytes.grown())));
        long bytes = memory.get("Gatehouse").counted();
        text.append(Section.line(
                "%nBudget: at most %,d bytes a session: %,d, %s.%n",
                MOST_BYTES, bytes, Section.kept(bytes <= MOST_BYTES)));
        return new Section(text.toString(), bytes <= MOST_BYTES);
    }

    private static Memory of(BenchRun run, Row row) throws IOException {
        run.say("memory of a session: " + row.title());
        try (Node node = run.keep(Node.start(row, run.redisPort(), run.folder()))) {
            return Memory.measure(run.redis(), node.port());
        }
    }
}
