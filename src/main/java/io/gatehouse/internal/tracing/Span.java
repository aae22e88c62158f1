package io.gatehouse.internal.tracing;

/**
 * A span that is the current one of its thread until it is closed, on the same thread. Its methods throw nothing, so that a broken
 * exporter cannot break a request. Not thread-safe.
 */
public interface Span extends AutoCloseable {
    /** A span that is not recorded. */
    Span NONE = new Span() {
        @Override
        public void set(String attribute, String value) {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void close() {}
    };

    /** Sets an attribute. The value must name neither a user nor a session, and must not be secret. */
    void set(String attribute, String value);

    /** Marks the span as failed, with the kind of the failure but not its message, which may contain anything. */
    void failed(Throwable cause);

    @Override
    void close();
}
