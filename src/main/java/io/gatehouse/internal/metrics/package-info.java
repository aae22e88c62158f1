/**
 * Measures what Gatehouse does and exposes it as Prometheus text and, where the server supports it, by MicroProfile
 * Metrics. Only this package uses the Prometheus client library. No label identifies a person.
 */
@NullMarked
package io.gatehouse.internal.metrics;

import org.jspecify.annotations.NullMarked;
