package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import org.jspecify.annotations.Nullable;

/** The {@link SessionScope} of each thread. Applications share this class; a scope knows only sessions of its own application. */
final class SessionScopes {
    private static final ThreadLocal<@Nullable SessionScope> CURRENT = new ThreadLocal<>();

    private SessionScopes() {}

    /** Returns the scope of the calling thread, or null. */
    static @Nullable SessionScope current() {
        return CURRENT.get();
    }

    /** Sets the scope of the calling thread, or none, and returns the previous one. */
    static @Nullable SessionScope bind(@Nullable SessionScope scope) {
        SessionScope before = CURRENT.get();
        CURRENT.set(scope); // also null: removing and adding the entry in turn costs more than keeping it
        return before;
    }

    /** Runs a task in a scope. */
    static void run(SessionScope scope, Runnable task) {
        SessionScope before = bind(scope);
        try {
            task.run();
        } finally {
            bind(before);
        }
    }

    /** Returns the session on which a call on a shared session object acts: that of the scope, if it is the same session. */
    static Session resolve(Session shared) {
        SessionScope scope = CURRENT.get();
        Session own = scope == null ? null : scope.current();
        return own != null && own.covers(shared) ? own : shared;
    }
}
