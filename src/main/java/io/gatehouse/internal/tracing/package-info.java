/** The places in Gatehouse that have spans, without an API of any tracing system. Without a listener they cost one check. */
@NullMarked
package io.gatehouse.internal.tracing;

import org.jspecify.annotations.NullMarked;
