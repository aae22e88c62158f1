package io.gatehouse.web;

import org.jspecify.annotations.Nullable;

/** What goes wrong while several listeners are told: each is told, and the first failure is thrown at the end. */
final class DeferredExceptions {
    private @Nullable RuntimeException first;

    void guard(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            add(e);
        } catch (LinkageError | AssertionError | StackOverflowError e) {
            add(new IllegalStateException("a listener of the session failed", e));
        }
    }

    private void add(RuntimeException failure) {
        if (first == null) {
            first = failure;
        } else if (first != failure) {
            first.addSuppressed(failure);
        }
    }

    void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
