package io.gatehouse.internal.web;

import org.jspecify.annotations.Nullable;

/**
 * Exceptions of calls that must all be made, such as those of several listeners. {@link #rethrow} throws the first exception at the
 * end, with the others suppressed in it. Not thread-safe.
 */
final class DeferredExceptions {
    private @Nullable RuntimeException first;

    /** Makes a call, and keeps its exception. Errors that other calls can survive count as exceptions. */
    void run(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            add(e);
        } catch (LinkageError | AssertionError | StackOverflowError e) {
            add(new IllegalStateException("a listener of the session failed", e));
        }
    }

    private void add(RuntimeException exception) {
        if (first == null) {
            first = exception;
        } else if (first != exception) {
            first.addSuppressed(exception);
        }
    }

    /** Throws the first exception, if there is one. */
    void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
