package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work on whose behalf a thread uses sessions: a request, or an access outside of requests. All requests of this JVM
 * share one {@link GatehouseSession} per session. The scope of the calling thread determines what a call on it sees and changes.
 */
interface SessionScope {
    /** Returns the session of this scope, or null. */
    @Nullable
    Session current();

    /** Returns the sessions of the application to which this scope belongs. */
    SessionRepository sessions();

    /** Returns whether it is too late to send the client a cookie. */
    boolean isResponseSent();
}
