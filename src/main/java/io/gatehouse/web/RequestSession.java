package io.gatehouse.web;

import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The session that one request has now, and whether the request holds it. Thread-safe. */
final class RequestSession {
    private final Sessions sessions;
    private volatile @Nullable Session session;
    /** What the cookie of the request has opened. */
    private volatile @Nullable Session admitted;

    private boolean held;

    RequestSession(Sessions sessions) {
        this.sessions = sessions;
    }

    /** The cookie has opened this session, or none. */
    synchronized void admit(@Nullable Session opened) {
        session = opened;
        admitted = opened;
        held = opened != null;
    }

    /** The session, even if it has ended, or null. */
    @Nullable
    Session get() {
        return session;
    }

    boolean isPresent() {
        return session != null;
    }

    /** The session if it has not ended, or null. */
    @Nullable
    Session alive() {
        Session known = session;
        return known != null && !known.isEnded() ? known : null;
    }

    /** Whether the session that the cookie has opened has not ended, whatever happened to its id since. */
    boolean isAdmittedAlive() {
        Session known = admitted;
        return known != null && !known.isEnded();
    }

    /** Makes a session and holds it, or returns null if there is one already. */
    synchronized @Nullable Session createUnlessThere(Supplier<Session> maker) {
        Session known = session;
        if (known != null && !known.isEnded()) {
            return null;
        }
        release();
        Session fresh = maker.get();
        if (known != null && known.isCutOff()) {
            fresh.isolate(); // its cookie would replace the one of the request that changed the id
        }
        session = fresh;
        held = true;
        return fresh;
    }

    /** Holds the session once more if it was released. */
    synchronized void holdAgain() {
        Session known = session;
        if (!held && known != null) {
            session = sessions.hold(known);
            held = true;
        }
    }

    synchronized void release() {
        Session known = session;
        if (held && known != null) {
            held = false;
            sessions.release(known);
        }
    }
}
