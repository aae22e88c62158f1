package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a session for one request, under way with a flight. It claims the live object of the session from the beginning,
 * so that what other requests of this node save meanwhile is not missed. Closing it lets the session go unless the caller has
 * taken it. Not thread-safe.
 */
public final class SessionOpening implements AutoCloseable {
    private final SessionReader reader;
    private final VerifiedToken ticket;
    private final LocalSessions.Hold hold;
    private final Supplier<RedisSessionStore.Loaded> reply;
    private final Revocations.RevocationCheck revocationCheck;
    private boolean taken;

    SessionOpening(
            SessionReader reader,
            VerifiedToken ticket,
            LocalSessions.Hold hold,
            Supplier<RedisSessionStore.Loaded> reply,
            Revocations.RevocationCheck revocationCheck) {
        this.reader = reader;
        this.ticket = ticket;
        this.hold = hold;
        this.reply = reply;
        this.revocationCheck = revocationCheck;
    }

    /**
     * The session, once the flight was sent, or null if it is not there or not to be believed. The caller must release it with
     * {@link SessionRepository#release}. Costs another round trip if the token does not name the user whose session it is: one of
     * version 1, or one that another login has overtaken; the client then needs a new one.
     *
     * @throws io.gatehouse.RedisUnavailableException if the session could not be read
     */
    public @Nullable Session session() {
        RedisSessionStore.Loaded loaded = loaded();
        if (loaded instanceof RedisSessionStore.Found found && !reader.admits(ticket, found)) {
            return null;
        }
        Session session = reader.join(ticket, hold, loaded, revocationCheck);
        taken = session != null;
        return session;
    }

    /** The session if it still has the id of the ticket, not even rotated since, or null. */
    @Nullable
    Session sessionWithTheSameId() {
        Session session = reader.join(ticket, hold, loaded(), revocationCheck);
        if (session != null && !SessionRepository.isOpenedBy(ticket, session)) {
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
    private RedisSessionStore.Loaded loaded() {
        RedisSessionStore.Loaded first = reply.get();
        boolean doubtful = first instanceof RedisSessionStore.Untrusted || first instanceof RedisSessionStore.Lapsed;
        return doubtful ? reader.read(ticket.location()) : first;
    }

    @Override
    public void close() {
        if (!taken) {
            hold.release();
        }
    }
}
