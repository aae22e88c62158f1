package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request: opened by its cookie, or created by it. The request holds the session from then until
 * {@link #release}, and again during a later dispatch. Thread-safe.
 */
final class RequestSession {
    private final HttpSessionAdapter adapter;
    private final SessionRepository sessionRepository;
    private final ClientOrigin origin;
    private final RequestLogins logins;
    private volatile @Nullable Session session;
    /** The session that the cookie of the request has opened. */
    private volatile @Nullable Session admitted;

    private boolean held;

    RequestSession(HttpSessionAdapter adapter, ClientOrigin origin, RequestLogins logins) {
        this.adapter = adapter;
        this.sessionRepository = adapter.sessions();
        this.origin = origin;
        this.logins = logins;
    }

    /** Takes the session that the cookie has opened, or null. */
    synchronized void admit(@Nullable Session opened) {
        session = opened;
        admitted = opened;
        held = opened != null;
    }

    /** Returns the session, even if it has ended, or null. */
    @Nullable
    Session get() {
        return session;
    }

    /** Returns the session if it has not ended, or null. */
    @Nullable
    Session alive() {
        Session known = session;
        return known != null && !known.isEnded() ? known : null;
    }

    /** Returns whether the session that the cookie has opened has not ended. A change of its id does not matter. */
    boolean isAdmittedAlive() {
        Session known = admitted;
        return known != null && !known.isEnded();
    }

    /** Returns the session as the application sees it, or null without a session. */
    @Nullable
    HttpSession existing() {
        Session known = alive();
        return known == null ? null : adapter.of(known);
    }

    /**
     * Returns the session as the application sees it, and creates one if necessary.
     *
     * @throws IllegalStateException if a new session would need a cookie and the response is committed
     */
    HttpSession existingOrNew(boolean responseCommitted) {
        Session known = alive();
        if (known != null) {
            return adapter.of(known);
        }
        if (responseCommitted) {
            throw new IllegalStateException("a session cannot be created after the response has been committed");
        }
        if (session != null) {
            logins.end(); // otherwise the user of the ended session would be logged in to the new one
        }
        logins.resume();
        Session fresh = create();
        return adapter.of(fresh);
    }

    private Session create() {
        Session fresh;
        synchronized (this) {
            Session former = session;
            if (former != null && !former.isEnded()) {
                return former; // another thread of this request was faster
            }
            release();
            fresh = adapter.create(origin.details());
            if (former != null && former.isCutOff()) {
                fresh.isolate(); // its cookie would replace the one of the request that changed the id
            }
            session = fresh;
            held = true;
        }
        adapter.notifyCreated(fresh);
        logins.begin(fresh);
        return fresh;
    }

    /**
     * Changes the id without grace time, and returns the new one.
     *
     * @throws IllegalStateException if there is no session, or the client cannot be sent the new id
     */
    String changeId(boolean responseSent) {
        Session known = alive();
        if (known == null) {
            throw new IllegalStateException("there is no session whose id could be changed");
        }
        if (responseSent) {
            throw new IllegalStateException("the id cannot be changed after the response has been committed");
        }
        adapter.changeId(known);
        return known.id();
    }

    /** Holds the session again if it was released. */
    synchronized void holdAgain() {
        Session known = session;
        if (!held && known != null) {
            session = sessionRepository.acquire(known);
            held = true;
        }
    }

    synchronized void release() {
        Session known = session;
        if (held && known != null) {
            held = false;
            sessionRepository.release(known);
        }
    }
}
