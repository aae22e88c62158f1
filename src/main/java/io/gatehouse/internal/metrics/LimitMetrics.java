package io.gatehouse.internal.metrics;

import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.login.LoginEvent;
import io.gatehouse.internal.ratelimit.LimitEngine;

/** The metrics of rate limits and login protection: their decisions on this node. */
final class LimitMetrics {
    private LimitMetrics() {}

    static void addTo(MetricsRegistry metricsRegistry, LimitEngine limiter, LoginEngine logins) {
        metricsRegistry.add(
                MetricDefinition.LIMIT_DECISIONS,
                samples -> limiter.statistics().forEach(rule -> {
                    samples.add(rule.allowed(), rule.rule(), "allowed");
                    samples.add(rule.refused(), rule.rule(), "refused");
                    samples.add(rule.wouldRefuse(), rule.rule(), "would_refuse");
                }));
        metricsRegistry.add(
                MetricDefinition.LIMIT_LOCAL_REFUSALS,
                samples -> limiter.statistics().forEach(rule -> samples.add(rule.locally(), rule.rule())));
        metricsRegistry.add(
                MetricDefinition.LIMIT_WITHOUT_REDIS,
                samples -> limiter.statistics().forEach(rule -> samples.add(rule.withoutRedis(), rule.rule())));
        metricsRegistry.add(
                MetricDefinition.LIMIT_LEASED,
                samples -> samples.add(limiter.prefetch().outstanding()));
        metricsRegistry.add(
                MetricDefinition.LIMIT_LEASE_LOST,
                samples -> samples.add(limiter.prefetch().lost()));
        metricsRegistry.add(
                MetricDefinition.LIMIT_LEASE_BOUND,
                samples -> limiter.prefetchBounds().forEach((rule, bound) -> samples.add(bound, rule)));
        metricsRegistry.add(MetricDefinition.LOGIN_EVENTS, samples -> {
            for (LoginEvent event : LoginEvent.values()) {
                samples.add(logins.count(event), event.label());
            }
        });
    }
}
