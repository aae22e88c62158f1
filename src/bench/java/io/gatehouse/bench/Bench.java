package io.gatehouse.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The main class of the benchmark. It measures the parts that {@code -Dbench.parts} names, prints their results, and writes them to files.
 * It fails if a response is wrong or a budget that can be counted is exceeded. Speed is reported but never fails the run, because machines
 * differ.
 */
public final class Bench {
    private static final Pattern REDIS_VERSION = Pattern.compile("redis_version:(\\S+)");

    private Bench() {}

    /** A part of the benchmark. */
    @FunctionalInterface
    private interface Part {
        Section measure(BenchRun run) throws IOException, InterruptedException;
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("requests", Requests::measure);
        parts.put("variations", Variations::measure);
        parts.put("delay", Delays::measure);
        parts.put("start", StartTimes::measure);
        parts.put("idle", Idle::measure);
        parts.put("limits", Limits::measure);
        parts.put("cache", Caches::measure);
        parts.put("threads", VirtualThreads::measure);
        parts.put("memory", SessionMemory::measure);
        parts.put("counters", Limits::memory);
        parts.put("clean-up", run -> CleanUp.measure(run.redis(), run.redisPort()));
        parts.put("cache-removal", PatternRemoval::measure);
        return parts;
    }

    /** Takes the build folder. */
    @SuppressWarnings("SystemOut") // prints the results
    public static void main(String[] arguments) throws Exception {
        Map<String, Part> parts = parts();
        List<String> chosen = Arrays.stream(
                        System.getProperty("bench.parts", "").split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
        if (chosen.isEmpty() || !parts.keySet().containsAll(chosen)) {
            throw new IllegalArgumentException(
                    "bench.parts is " + chosen + "; expected some of " + String.join(",", parts.keySet()));
        }
        Path target = Path.of(arguments[0]);
        boolean kept = true;
        try (BenchRun run = new BenchRun(target)) {
            ResultPage results = new ResultPage(run.folder());
            for (String part : chosen) {
                Part measurement = parts.get(part);
                if (measurement == null) {
                    throw new IllegalStateException(part);
                }
                run.say("part " + part);
                if (!part.equals("requests") && !part.equals("variations")) {
                    run.endAll();
                }
                String environment = environment(run); // with the load of others, before this part adds its own
                Section section = measurement.measure(run);
                results.put(part, environment + "\n" + section.text().strip() + "\n");
                kept &= section.kept();
                results.put("goals", run.goals().table());
                Files.writeString(run.folder().resolve("results.md"), results.text()); // a later part may fail
                if (Boolean.getBoolean("bench.write")) {
                    results.update(target.resolveSibling("src/docs/reference/benchmarks.md"));
                }
            }
            System.out.println("\n" + results.text());
        }
        System.exit(kept ? 0 : 1);
    }

    private static String environment(BenchRun run) {
        Matcher version = REDIS_VERSION.matcher(run.redis().info("server"));
        return Section.line(
                "%s, %d cores, load %.1f, %s, Java %s (%s), Redis %s; rounds: %d of %d s, after %d s of load.%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name"),
                Runtime.version(),
                Node.jvm(),
                version.find() ? version.group(1) : "?",
                run.rounds(),
                run.seconds(),
                run.warmUp());
    }
}
