package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Measures what exchanges with a server take, for a moment. */
final class LatencyProbe {
    private static final Script NOTHING = Script.load(LatencyProbe.class, "nothing.lua", true);
    private static final int MOST = 200;
    private static final Duration FOR = Duration.ofMillis(300);

    private final List<Measurement> measurements = new ArrayList<>();
    private final Findings findings;
    private final Duration deadline;

    LatencyProbe(Findings findings, Duration deadline) {
        this.findings = findings;
        this.deadline = deadline;
    }

    /** @param key any key of ours; nothing happens to it */
    void measure(ServerDiagnostics server, Redis redis, String key) {
        String subject = server.purposes().stream().map(RedisPurpose::label).collect(Collectors.joining(", "));
        List<Long> scripts = new ArrayList<>();
        long start = System.nanoTime();
        try {
            while (scripts.size() < MOST && System.nanoTime() - start < FOR.toNanos()) {
                long before = System.nanoTime();
                int unused = redis.send(
                        NOTHING.on(server.purposes().get(0)).keys(key).reply(reply -> 0));
                scripts.add((System.nanoTime() - before) / 1000);
            }
        } catch (GatehouseException e) {
            // what was measured so far
        }
        add(subject, "ping", server.pingMicros());
        add(subject, "script", scripts);
    }

    private void add(String subject, String name, List<Long> micros) {
        if (micros.isEmpty()) {
            return;
        }
        List<Long> sorted = micros.stream().sorted().toList();
        Measurement measurement =
                new Measurement(subject, name, sorted.size(), percentile(sorted, 50), percentile(sorted, 99));
        measurements.add(measurement);
        String found = String.format(
                Locale.ROOT,
                "%s: half within %.2f ms, 99 %% within %.2f ms, of %d",
                name,
                measurement.p50Micros() / 1000.0,
                measurement.p99Micros() / 1000.0,
                measurement.count());
        findings.add(CheckId.MEASURED, subject, found);
        findings.addIf(
                measurement.p99Micros() > deadline.toNanos() / 1000 / 4,
                CheckId.SLOW,
                subject,
                found + "; GATEHOUSE_REDIS_DEADLINE is " + deadline.toMillis() + " ms");
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    List<Measurement> measurements() {
        return List.copyOf(measurements);
    }
}
