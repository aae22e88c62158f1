package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionOpening;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.TokenVerification;
import org.jspecify.annotations.Nullable;

/**
 * The session that the token of a request claims. Its reading is part of a pipeline; it is opened at most once, when it is needed.
 * {@link #close} releases the session unless {@link #keep} has taken it. Belongs to one request; its methods are called one after the
 * other.
 */
final class ClaimedSession implements AutoCloseable {
    private final SessionRepository sessionRepository;
    private final @Nullable SessionOpening opening;
    private boolean opened;
    private boolean kept;
    private @Nullable Session session;

    /** Adds the reading of the session to the pipeline, if there is a genuine token. */
    ClaimedSession(
            SessionRepository sessionRepository, @Nullable TokenVerification tokenVerification, Pipeline pipeline) {
        this.sessionRepository = sessionRepository;
        this.opening = tokenVerification instanceof TokenVerification.Verified verified
                ? sessionRepository.open(verified.ticket(), pipeline)
                : null;
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
     * @throws io.gatehouse.GatehouseException if it could not be read
     */
    @Nullable
    String userTag() {
        Session found = open();
        return found == null || found.isEnded()
                ? null
                : sessionRepository.ticket(found).userTag();
    }

    /** Returns the name of the user of a session that {@link #userTag} has opened, or null. */
    @Nullable
    String user() {
        Session found = session;
        return found == null ? null : found.user();
    }

    /**
     * Returns the session, or null without a session; the caller must release it.
     *
     * @throws io.gatehouse.GatehouseException if it could not be read
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
            sessionRepository.release(found);
        } else if (reading != null) {
            reading.close(); // does nothing if it returned a session
        }
    }
}
