package io.gatehouse.internal.telemetry;

import io.gatehouse.internal.redis.Exchange;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records spans in a tracing system. May throw unchecked exceptions and linkage errors. Thread-safe. */
interface SpanRecorder {
    /** Starts a span as a child of the thread's current one. */
    Span start(TracedOperation operation);

    /** Starts the span of a request, unless the thread has one. */
    Span startRequest(Function<String, @Nullable String> header);

    /** Records an exchange that has just ended, as a child of the thread's current span. */
    void exchanged(Exchange exchange);

    /** Adds an event to the thread's current span. */
    void refused(int status, String reason);

    /** Returns a task that runs as part of the thread's current span. */
    Runnable inContext(Runnable task);
}
