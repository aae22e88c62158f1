package io.gatehouse.internal.tracing;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Starts the spans of Gatehouse. Its methods throw nothing. Thread-safe. */
public interface Tracing {
    /** Records nothing. */
    Tracing NONE = operation -> Span.NONE;

    /** Starts a span as a child of the thread's current one. */
    Span start(TracedOperation operation);

    /** Returns whether spans are recorded. */
    default boolean isActive() {
        return false;
    }

    /**
     * Starts the span of a request, unless the server has started one.
     *
     * @param header returns the value of a request header, or null; it names the span of the client
     */
    default Span startRequest(Function<String, @Nullable String> header) {
        return Span.NONE;
    }

    /** Adds an event to the thread's current span: Gatehouse answers the request in place of the application. */
    default void refused(int status, String reason) {}

    /** Returns a task that runs as part of the thread's current span, whichever thread runs it. */
    default Runnable inContext(Runnable task) {
        return task;
    }
}
