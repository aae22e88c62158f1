package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Measures the round trip times of a server for a fraction of a second, and collects all measurements. Not thread-safe. */
final class LatencyProbe {
    private static final Script NO_OP = Script.load(LatencyProbe.class, "no-op.lua", true);
    private static final int MAX_ROUND_TRIPS = 200;
    private static final Duration MAX_DURATION = Duration.ofMillis(300);

    private final List<Measurement> measurements = new ArrayList<>();
    private final Findings findings;
    private final Duration deadline;

    LatencyProbe(Findings findings, Duration deadline) {
        this.findings = findings;
        this.deadline = deadline;
    }

    /** @param key any key that Gatehouse may use; it is not accessed */
    void measure(ServerDiagnostics server, Redis redis, String key) {
        String subject = server.purposes().stream().map(RedisPurpose::label).collect(Collectors.joining(", "));
        List<Long> scriptMicros = new ArrayList<>();
        long start = System.nanoTime();
        try {
            while (scriptMicros.size() < MAX_ROUND_TRIPS && System.nanoTime() - start < MAX_DURATION.toNanos()) {
                long before = System.nanoTime();
                int unused =
                        redis.send(NO_OP.on(server.purposes().get(0)).keys(key).reply(reply -> 0));
                scriptMicros.add((System.nanoTime() - before) / 1000);
            }
        } catch (GatehouseException e) {
            // report what has been measured so far
        }
        warnIfSlow(add(subject, "ping", "round trips", server.pingMicros()));
        warnIfSlow(add(subject, "script", "round trips", scriptMicros));
    }

    /**
     * Adds a measurement and its finding. Does nothing if nothing was measured.
     *
     * @param what what was measured several times, in the plural
     * @return the measurement, or null
     */
    @Nullable
    Measurement add(String subject, String name, String what, List<Long> micros) {
        if (micros.isEmpty()) {
            return null;
        }
        List<Long> sorted = micros.stream().sorted().toList();
        Measurement measurement =
                new Measurement(subject, name, sorted.size(), percentile(sorted, 50), percentile(sorted, 99));
        measurements.add(measurement);
        findings.add(CheckId.MEASURED, subject, shown(measurement, what));
        return measurement;
    }

    private static String shown(Measurement measurement, String what) {
        return String.format(
                Locale.ROOT,
                "%s: median %.2f ms, 99th percentile %.2f ms, %d %s",
                measurement.name(),
                measurement.p50Micros() / 1000.0,
                measurement.p99Micros() / 1000.0,
                measurement.count(),
                what);
    }

    private void warnIfSlow(@Nullable Measurement measurement) {
        if (measurement != null) {
            findings.addIf(
                    measurement.p99Micros() > deadline.toNanos() / 1000 / 4,
                    CheckId.SLOW,
                    measurement.subject(),
                    shown(measurement, "round trips") + "; GATEHOUSE_REDIS_DEADLINE is " + deadline.toMillis() + " ms");
        }
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    List<Measurement> measurements() {
        return List.copyOf(measurements);
    }
}
