package io.gatehouse.web;

import io.gatehouse.redis.Flight;
import io.gatehouse.session.Session;
import io.gatehouse.session.SessionOpening;
import io.gatehouse.session.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * The session that the token of a request claims. Its reading is part of a pipeline; it is opened at most once, when it is needed.
 * {@link #close} releases the session unless {@link #keep} has taken it. Belongs to one request; its methods are called one after the
 * other.
 */
final class ClaimedSession implements AutoCloseable {
    private final Sessions sessions;
    private final @Nullable SessionOpening opening;
    private boolean opened;
    private boolean kept;
    private @Nullable Session session;

    /** Adds the reading of the session to the pipeline, if there is a genuine token. */
    ClaimedSession(Sessions sessions, Sessions.@Nullable Claim claim, Flight flight) {
        this.sessions = sessions;
        this.opening = claim instanceof Sessions.Genuine genuine ? sessions.open(genuine.ticket(), flight) : null;
    }

    private @Nullable Session open() {
        SessionOpening reading = opening;
        if (!opened && reading != null) {
            session = reading.session();
        }
        opened = true;
        return session;
    }

    /**
     * Returns the tag of the user of the session, or null if there is no session or it has no user.
     *
     * @throws io.gatehouse.config.GatehouseException if it could not be read
     */
    @Nullable
    String userTag() {
        Session found = open();
        return found == null || found.isEnded() ? null : sessions.ticket(found).userTag();
    }

    /**
     * Returns the session, or null if there is none; the caller holds it from now on.
     *
     * @throws io.gatehouse.config.GatehouseException if it could not be read
     */
    @Nullable
    Session keep() {
        Session found = open();
        kept = true;
        return found;
    }

    @Override
    public void close() {
        SessionOpening reading = opening;
        Session found = session;
        opened = true;
        if (found != null && !kept) {
            session = null;
            sessions.release(found);
        } else if (reading != null) {
            reading.close(); // does nothing if it gave a session
        }
    }
}
