/**
 * Counts and measures what Gatehouse does, and tells it as Prometheus text and, where the server has it, by MicroProfile
 * Metrics. Only this package knows the Prometheus client library. No label says who somebody is.
 */
@NullMarked
package io.gatehouse.metrics;

import org.jspecify.annotations.NullMarked;
