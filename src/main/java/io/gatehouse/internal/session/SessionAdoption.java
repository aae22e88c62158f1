package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.session.SessionLimitReachedException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions of another session store as sessions of Gatehouse. Thread-safe.
 *
 * <p>The id of such a session is a keyed hash of its name there and of a random text. So every node that knows both finds the session, and
 * a reader of Redis, who may know both, does not: the hash takes a signing key.
 *
 * <p>The session is stored as if a rotation had just replaced its id: the old name stands for the epoch before the rotation, which opens the
 * session until the end of a grace time. A login in the session, or any other id change, ends this at once. The grace time is part of the
 * signed metadata, so it cannot be extended in Redis.
 */
public final class SessionAdoption {
    /** How long the old name opens the session. The caller may stop earlier. */
    static final Duration GRACE = Duration.ofMinutes(10);

    private final KeyRing keys;
    private final KeyNames keyNames;
    private final InstantSource clock;
    private final LocalSessions live;
    private final SessionContext context;
    private final Revocations revocations;
    private final SessionWriter writer;
    private final SessionRemoval removal;
    private final SecureRandom random = new SecureRandom();

    SessionAdoption(
            KeyRing keys,
            KeyNames keyNames,
            InstantSource clock,
            LocalSessions live,
            SessionContext context,
            Revocations revocations,
            SessionWriter writer,
            SessionRemoval removal) {
        this.keys = keys;
        this.keyNames = keyNames;
        this.clock = clock;
        this.live = live;
        this.context = context;
        this.revocations = revocations;
        this.writer = writer;
        this.removal = removal;
    }

    /** The outcome of adopting a session. */
    public enum Outcome {
        /** The session is stored. */
        STORED,
        /** The sessions of its user were terminated, and this one was not there to be terminated. */
        REVOKED,
        /** Its user has as many sessions as the limit allows. */
        NO_PLACE,
        /** The caller has withdrawn. */
        WITHDRAWN
    }

    /** Returns the id of the key under which this node derives ids. */
    public String currentKid() {
        return keys.currentKid();
    }

    /**
     * Returns the token that the old name of an adopted session stands for, or null if this node does not know the key.
     *
     * @param random the text that was chosen when the session was adopted
     */
    public @Nullable VerifiedToken token(String kid, String name, String random) {
        if (!keys.knows(kid)) {
            return null;
        }
        byte[] key = keys.tag(
                kid,
                KeyPurpose.IMPORT,
                keyNames.application(),
                name.getBytes(StandardCharsets.UTF_8),
                random.getBytes(StandardCharsets.UTF_8));
        SessionId id = SessionId.derived(key);
        return new VerifiedToken(new SessionToken(kid, id, 0, 0, null), "", keyNames.locate(kid, id));
    }

    /**
     * Stores a session under the id of a token, unless its user or the caller is against it. Up to five round trips.
     *
     * @param leftOut called with the name of each attribute that cannot be stored
     * @param confirm called when the session is stored; returns false if it must be removed again
     * @throws io.gatehouse.RedisUnavailableException if the session could not be stored or confirmed
     */
    public Outcome adopt(
            VerifiedToken token, ForeignSession foreign, Consumer<String> leftOut, BooleanSupplier confirm) {
        SessionKeys sessionKeys = token.keys();
        if (!foreign.user().isEmpty() && !revocations.accepts(sessionKeys, foreign.user())) {
            return Outcome.REVOKED;
        }
        LocalSessions.Hold hold = live.hold(sessionKeys);
        try {
            SessionMetadata metadata = metadata(foreign);
            LiveSession fresh = new LiveSession(sessionKeys, token.claims().id(), metadata, context);
            return store(
                    new Session(hold.join(metadata.identity(), Duration.ZERO, () -> fresh), 0, hold),
                    foreign,
                    leftOut,
                    confirm);
        } finally {
            hold.release();
        }
    }

    private SessionMetadata metadata(ForeignSession foreign) {
        long now = clock.millis();
        SessionLifetimes lifetimes = context.lifetimes();
        return SessionMetadata.fresh(
                        foreign.createdAt(),
                        lifetimes.end(now, false),
                        lifetimes.idleSeconds(foreign.idleSeconds()),
                        foreign.details())
                .withSameIdentity()
                .withEpoch(1, now + GRACE.toMillis());
    }

    private Outcome store(Session session, ForeignSession foreign, Consumer<String> leftOut, BooleanSupplier confirm) {
        try {
            foreign.attributes().forEach((name, value) -> set(session, name, value, leftOut));
            if (!foreign.user().isEmpty()) {
                session.setAttribute(Session.USER_ATTRIBUTE, foreign.user());
                session.authenticatedAt(0); // the old record does not contain the time
            }
            boolean stored = writer.save(session, CreationLimit.NONE);
            boolean revoked = isRevokedMeanwhile(session, foreign.user());
            if (stored && !revoked && confirm.getAsBoolean()) {
                return Outcome.STORED;
            }
            SessionRemoval.Ending unused = removal.end(session);
            return revoked ? Outcome.REVOKED : Outcome.WITHDRAWN;
        } catch (SessionLimitReachedException e) {
            return Outcome.NO_PLACE;
        } finally {
            session.live().requests().remove(session);
        }
    }

    /**
     * Returns whether the sessions of the user were terminated since {@link #adopt} has asked. The new session cannot show that, because a
     * revocation accepts all that are stored after it; a session that does not exist can.
     */
    private boolean isRevokedMeanwhile(Session session, String user) {
        String kid = session.keys().kid();
        return !user.isEmpty() && !revocations.accepts(keyNames.locate(kid, SessionId.random(random)), user);
    }

    private static void set(Session session, String name, Object value, Consumer<String> leftOut) {
        try {
            session.setAttribute(name, value);
        } catch (GatehouseException e) {
            throw e;
        } catch (RuntimeException e) { // it cannot be stored, or its own code has failed
            leftOut.accept(name);
        }
    }
}
