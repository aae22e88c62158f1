package io.gatehouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The part about the start: the time from the start of the process until the first response, of a WAR with one servlet, and of the same WAR
 * with Gatehouse's JARs and its default features.
 */
final class StartTimes {
    private static final String LIBRARIES = "WEB-INF/lib/";

    private StartTimes() {}

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        run.say("the start of a small WAR");
        Path bare = war(run.folder().resolve("war-bare"), "");
        Path gatehouse = war(run.folder().resolve("war-gatehouse"), parameters(run.redisPort()));
        unpackLibraries(theWar(run.target()), gatehouse);
        Map<String, Rounds.Turn<Double>> turns = new LinkedHashMap<>();
        turns.put("the bare server", () -> start(run, "war-bare", bare));
        turns.put("the same with Gatehouse", () -> start(run, "war-gatehouse", gatehouse));
        Rounds<String, Double> unused = Rounds.measure(turns, 1); // the files are in the page cache then
        Rounds<String, Double> rounds = Rounds.measure(turns, run.rounds());
        StringBuilder text = new StringBuilder("\n| start of a process until its first response | s |\n|---|---:|\n");
        for (String name : rounds.contenders()) {
            text.append(Section.line("| %s | %.2f |%n", name, rounds.median(name, Double::doubleValue)));
        }
        double beyond = rounds.median("the same with Gatehouse", Double::doubleValue)
                - rounds.median("the bare server", Double::doubleValue);
        run.goals().put(Goal.START, beyond);
        return new Section(
                text.append(Section.line("%nGatehouse adds %.2f s.%n", beyond)).toString(), true);
    }

    private static double start(BenchRun run, String name, Path war) throws IOException {
        long start = System.nanoTime();
        try (Node node = run.keep(Node.startWar(name, war, run.folder()));
                Visitor visitor = new Visitor(node.port())) {
            visitor.add("/open", "", 200);
            visitor.visit();
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static Path war(Path folder, String parameters) throws IOException {
        Files.createDirectories(folder.resolve(LIBRARIES));
        Files.writeString(folder.resolve("WEB-INF/web.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                %s  <servlet>
                    <servlet-name>sample</servlet-name>
                    <servlet-class>io.gatehouse.bench.SampleServlet</servlet-class>
                  </servlet>
                  <servlet-mapping>
                    <servlet-name>sample</servlet-name>
                    <url-pattern>/</url-pattern>
                  </servlet-mapping>
                </web-app>
                """.formatted(parameters));
        return folder;
    }

    private static String parameters(int redisPort) {
        StringBuilder text = new StringBuilder();
        String url = "redis://127.0.0.1:" + redisPort + "/0";
        Map<String, String> values = new LinkedHashMap<>();
        values.put("GATEHOUSE_KEYS", "b1:" + Limiters.randomKey());
        List.of("REDIS_URL", "REDIS_SESSION_URL", "REDIS_RATE_LIMIT_URL", "REDIS_CACHE_WARMING_URL")
                .forEach(name -> values.put(name, url));
        values.forEach((name, value) -> text.append(Section.line(
                "  <context-param><param-name>%s</param-name><param-value>%s</param-value></context-param>%n",
                name, value)));
        return text.toString();
    }

    private static Path theWar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".war"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(
                            "no WAR in " + target + "; the part 'start' needs the one that 'mvn package' builds"));
        }
    }

    private static void unpackLibraries(Path war, Path folder) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(war))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().startsWith(LIBRARIES) && entry.getName().endsWith(".jar")) {
                    String name = entry.getName().substring(LIBRARIES.length()).replace('/', '-');
                    Files.copy(in, folder.resolve(LIBRARIES).resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
