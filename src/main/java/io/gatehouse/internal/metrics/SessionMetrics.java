package io.gatehouse.internal.metrics;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionCounters;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;
import java.util.List;
import java.util.function.LongSupplier;

/** The metrics of sessions: their events, the duration and size of saves, and the number of active sessions. Thread-safe. */
final class SessionMetrics implements SaveObserver {
    private static final List<SessionEvent> INTEGRITY = List.of(
            SessionEvent.TOKEN_MALFORMED,
            SessionEvent.TOKEN_UNKNOWN_KEY,
            SessionEvent.TOKEN_FORGED,
            SessionEvent.RECORD_MALFORMED,
            SessionEvent.RECORD_TOO_LARGE,
            SessionEvent.RECORD_UNKNOWN_KEY,
            SessionEvent.RECORD_FORGED);

    private final HistogramMetric.Point seconds;
    private final HistogramMetric.Point sizes;
    private volatile boolean scraped;
    private volatile long active = -1;

    SessionMetrics(MetricsRegistry metricsRegistry) {
        this.seconds = metricsRegistry
                .histogram(
                        MetricDefinition.SESSION_SAVE_SECONDS,
                        0.00025,
                        0.0005,
                        0.001,
                        0.0025,
                        0.005,
                        0.01,
                        0.025,
                        0.05,
                        0.1,
                        0.25,
                        0.6,
                        1)
                .point();
        this.sizes = metricsRegistry
                .histogram(
                        MetricDefinition.SESSION_BYTES,
                        256,
                        512,
                        1024,
                        2048,
                        4096,
                        8192,
                        16_384,
                        32_768,
                        65_536,
                        262_144,
                        1_048_576)
                .point();
    }

    @Override
    public void saved(long nanos, long bytes) {
        seconds.observe(nanos / 1e9);
        sizes.observe((double) bytes);
    }

    void addTo(MetricsRegistry metricsRegistry, SessionCounters counters) {
        metricsRegistry.add(
                MetricDefinition.SESSIONS_STARTED, samples -> samples.add(counters.of(SessionEvent.CREATED)));
        metricsRegistry.add(MetricDefinition.SESSIONS_DESTROYED, samples -> {
            for (EndReason reason : EndReason.values()) {
                samples.add(counters.ended(reason), reason.label());
            }
        });
        metricsRegistry.add(MetricDefinition.SESSION_EVENTS, samples -> {
            for (SessionEvent event : SessionEvent.values()) {
                samples.add(counters.of(event), event.label());
            }
        });
        metricsRegistry.add(
                MetricDefinition.INTEGRITY_FAILURES,
                samples -> INTEGRITY.forEach(event -> samples.add(counters.of(event), event.label())));
        metricsRegistry.add(MetricDefinition.SESSIONS_ACTIVE, samples -> {
            if (active >= 0) {
                samples.add(active);
            }
        });
    }

    /** Called at each scrape. */
    void onScrape() {
        scraped = true;
    }

    /** Counts the active sessions, which takes a round trip to Redis, if there was a scrape since the last count. */
    void count(LongSupplier sessions) {
        if (scraped) {
            scraped = false;
            try {
                active = sessions.getAsLong();
            } catch (GatehouseException e) {
                active = -1; // unknown: a missing value is better than a wrong one
            }
        }
    }
}
