/** Spans of OpenTelemetry for what Gatehouse does. Only this package and {@code wiring} refer to its API, which a server may lack. */
@NullMarked
package io.gatehouse.internal.telemetry;

import org.jspecify.annotations.NullMarked;
