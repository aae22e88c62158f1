package io.gatehouse.internal.metrics;

import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of job runs on this node: duration by outcome, and the time of the last success. Thread-safe. */
final class JobMetrics implements JobObserver {
    private final HistogramMetric seconds;
    private final InstantSource clock;
    private final Map<String, Double> lastSuccess = new ConcurrentHashMap<>();

    JobMetrics(MetricsRegistry metricsRegistry, InstantSource clock) {
        this.clock = clock;
        this.seconds = metricsRegistry.histogram(
                MetricDefinition.JOB_SECONDS, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1800, 3600);
        metricsRegistry.add(
                MetricDefinition.JOB_LAST_SUCCESS, samples -> lastSuccess.forEach((job, at) -> samples.add(at, job)));
    }

    @Override
    public void ended(String job, JobState state, Duration took) {
        String outcome = state == JobState.QUEUED ? "retried" : state.label();
        seconds.point(job, outcome).observe(took.toNanos() / 1e9);
        if (state == JobState.SUCCEEDED) {
            lastSuccess.put(job, clock.millis() / 1000.0);
        }
    }
}
