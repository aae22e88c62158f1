package io.gatehouse.internal.session;

import io.gatehouse.internal.session.lease.LeaseRequest;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The opening of a session for one request, whose calls are part of a pipeline. It holds the live session from the beginning, so that it
 * does not miss saves of other requests on this node. Closing it releases the session unless the caller has taken it. Not thread-safe.
 */
public final class SessionOpening implements AutoCloseable {
    private final SessionReader reader;
    private final VerifiedToken token;
    private final LocalSessions.Hold hold;
    private final Supplier<RedisSessionStore.Loaded> reply;
    private final Revocations.RevocationCheck revocationCheck;
    private final @Nullable LeaseRequest request;
    private boolean taken;

    /** @param request the request for a lease in the pipeline, or null */
    SessionOpening(
            SessionReader reader,
            VerifiedToken token,
            LocalSessions.Hold hold,
            Supplier<RedisSessionStore.Loaded> reply,
            Revocations.RevocationCheck revocationCheck,
            @Nullable LeaseRequest request) {
        this.reader = reader;
        this.token = token;
        this.hold = hold;
        this.reply = reply;
        this.revocationCheck = revocationCheck;
        this.request = request;
    }

    /**
     * Returns the session after the pipeline was sent, or null if it does not exist or is invalid. The caller must release it with {@link
     * SessionRepository#release}. Takes another round trip if the token does not contain the tag of the session's user, because it has
     * version 1 or another request has logged in; the client then needs a new token.
     *
     * @throws io.gatehouse.RedisUnavailableException if the session could not be read
     */
    public @Nullable Session session() {
        RedisSessionStore.Loaded loaded = loaded();
        if (loaded instanceof RedisSessionStore.Found found && !reader.admits(token, found)) {
            return null;
        }
        Session session = reader.join(token, hold, loaded, revocationCheck, request);
        taken = session != null;
        return session;
    }

    /** Returns the session if its epoch is still the one of the token (a rotation changes it, too), otherwise null. */
    @Nullable
    Session sessionWithTheSameId() {
        Session session = reader.join(token, hold, loaded(), revocationCheck, request);
        if (session != null && !SessionTokens.opens(token, session)) {
            session.live().requests().remove(session);
            return null;
        }
        taken = session != null;
        return session;
    }

    /**
     * Returns the outcome of loading. Reads an invalid record again, because the reply may have been damaged in transit, which must not log
     * the user out.
     */
    private RedisSessionStore.Loaded loaded() {
        RedisSessionStore.Loaded first = reply.get();
        boolean doubtful = first instanceof RedisSessionStore.Untrusted || first instanceof RedisSessionStore.Lapsed;
        return doubtful ? reader.read(token.keys()) : first;
    }

    @Override
    public void close() {
        if (!taken) {
            hold.release();
        }
    }
}
