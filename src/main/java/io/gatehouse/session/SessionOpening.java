package io.gatehouse.session;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a session for one request, under way with a flight. It claims the live object of the session from the beginning,
 * so that what other requests of this node save meanwhile is not missed. Closing it lets the session go unless the caller has
 * taken it. Not thread-safe.
 */
public final class SessionOpening implements AutoCloseable {
    private final SessionReader reader;
    private final SessionTicket ticket;
    private final LiveSessions.Hold hold;
    private final Supplier<SessionStore.Loaded> reply;
    private final SignOuts.Question question;
    private boolean taken;

    SessionOpening(
            SessionReader reader,
            SessionTicket ticket,
            LiveSessions.Hold hold,
            Supplier<SessionStore.Loaded> reply,
            SignOuts.Question question) {
        this.reader = reader;
        this.ticket = ticket;
        this.hold = hold;
        this.reply = reply;
        this.question = question;
    }

    /**
     * The session, once the flight was sent, or null if it is not there or not to be believed. The caller must release it with
     * {@link Sessions#release}. Costs another round trip if the token does not name the user whose session it is: one of
     * version 1, or one that another login has overtaken; the client then needs a new one.
     *
     * @throws io.gatehouse.redis.RedisUnavailable if the session could not be read
     */
    public @Nullable Session session() {
        SessionStore.Loaded loaded = loaded();
        if (loaded instanceof SessionStore.Found found && !reader.admits(ticket, found)) {
            return null;
        }
        Session session = reader.join(ticket, hold, loaded, question);
        taken = session != null;
        return session;
    }

    /** The session if it still has the id of the ticket, not even rotated since, or null. */
    @Nullable
    Session sessionWithTheSameId() {
        Session session = reader.join(ticket, hold, loaded(), question);
        if (session != null && !Sessions.isOpenedBy(ticket, session)) {
            session.live().leave(session);
            return null;
        }
        taken = session != null;
        return session;
    }

    /**
     * What was read. What is not to be believed is read once more: the reply may have been damaged on its way, and then nobody
     * must be logged out for it.
     */
    private SessionStore.Loaded loaded() {
        SessionStore.Loaded first = reply.get();
        boolean doubtful = first instanceof SessionStore.Untrusted || first instanceof SessionStore.Lapsed;
        return doubtful ? reader.read(ticket.location()) : first;
    }

    @Override
    public void close() {
        if (!taken) {
            hold.release();
        }
    }
}
