package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.LeaseRequest;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.signing.KeyRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Revokes all sessions of a user, and checks sessions against revocations. Thread-safe.
 *
 * <p>A revocation is a sorted set of the user's accepted sessions. While it exists, the user's other sessions are rejected. The set
 * contains the session that the revocation keeps, and all sessions in which the user has logged in since; {@link UserIndex#add} adds
 * those. Invariants: a revocation compares no clocks, and it also covers sessions that are missing from the user index. It lives at
 * least as long as any session that it rejects.
 *
 * <p>Scripts: {@code signout.lua} (UNLINK, ZADD, PEXPIRE), {@code accepted.lua} (ZCARD, ZSCORE, PEXPIRE).
 * Command: {@code ZMSCORE <accepted> - <session>}, with which a request checks a session that is not revoked.
 */
public final class Revocations {
    private static final Script SIGN_OUT = Script.load(SessionLeases.FUNCTIONS, Revocations.class, "signout.lua", true);
    private static final Script ACCEPTED =
            Script.load(SessionLeases.FUNCTIONS, Revocations.class, "accepted.lua", true);

    /** The member that every revocation contains. */
    private static final byte[] ALWAYS_LISTED = {'-'};

    private final Redis redis;
    private final KeyRing keys;
    private final KeyNames keyNames;
    private final byte[] lifetime;
    private final SessionLeases leases;

    /** @param lifetime the longest time for which a session can be stored */
    public Revocations(Redis redis, KeyRing keys, KeyNames keyNames, Duration lifetime, SessionLeases leases) {
        this.redis = redis;
        this.keys = keys;
        this.keyNames = keyNames;
        this.leases = leases;
        this.lifetime = ScriptArgs.encode(lifetime.toMillis());
    }

    /**
     * Revokes all sessions of a user, under every signing key. One round trip; then waits until no node has a copy of one of them.
     *
     * @param exceptHandle the session to keep, or null
     * @return the number of replicas that have confirmed the revocation
     */
    public int signOut(String user, @Nullable String exceptHandle, ReplicaAcknowledgement replicaAcknowledgement) {
        if (user.isEmpty()) {
            return replicaAcknowledgement.wanted(); // sessions without a user are never revoked
        }
        Pipeline pipeline = new Pipeline();
        List<LeaseChange> changes = new ArrayList<>();
        List<Response<Boolean>> replies = new ArrayList<>();
        try {
            for (String kid : keys.kids()) {
                LeaseChange change = leases.change(Objects.requireNonNull(keyNames.userTag(kid, user)));
                changes.add(change);
                replies.add(pipeline.add(signOut(kid, user, exceptHandle, change)));
            }
            replicaAcknowledgement.request(pipeline);
            redis.send(pipeline);
            replies.forEach(Response::get);
        } finally {
            changes.forEach(LeaseChange::close);
        }
        return replicaAcknowledgement.confirmations(pipeline);
    }

    private RedisCall<Boolean> signOut(String kid, String user, @Nullable String exceptHandle, LeaseChange change) {
        String userTag = Objects.requireNonNull(keyNames.userTag(kid, user));
        return SIGN_OUT.on(RedisPurpose.SESSIONS)
                .keys(keyNames.acceptedKey(userTag), keyNames.userLeasesKey(userTag))
                .args(args -> change.addTo(
                        args.bytes(lifetime).text(exceptHandle == null ? "" : UserIndex.entry(kid, exceptHandle))))
                .reply(reader -> {
                    change.readHolders(reader.list());
                    return true;
                });
    }

    /** The answer to a revocation check. */
    public enum Acceptance {
        /** The session is accepted. */
        ACCEPTED,
        /** The session is accepted, and this node has a lease on the answer. */
        LEASED,
        /** The session is revoked, or the script must decide. */
        DOUBTFUL
    }

    /** A revocation check in a pipeline that also loads the session; null reply if the token names no user. */
    public record RevocationCheck(
            SessionKeys keys,
            @Nullable String userTag,
            @Nullable Supplier<Acceptance> reply) {

        /** Returns the check of a token whose session this node answers from a copy: the lease includes the answer. */
        public static RevocationCheck leased(VerifiedToken token) {
            return new RevocationCheck(token.keys(), token.userTag(), () -> Acceptance.LEASED);
        }

        /** Returns whether this node has a lease on the answer, or needs none because the token names no user. */
        public boolean isLeased() {
            return reply == null || reply.get() == Acceptance.LEASED;
        }
    }

    /** Adds the revocation check of a token to a pipeline that is sent anyway. Takes a lease on the answer if there is a request. */
    public RevocationCheck check(VerifiedToken token, @Nullable LeaseRequest request, Pipeline pipeline) {
        String userTag = token.userTag();
        if (userTag == null) {
            return new RevocationCheck(token.keys(), null, null);
        }
        Response<Acceptance> response = pipeline.add(
                request == null ? seemsAccepted(token.keys(), userTag) : accepted(token.keys(), userTag, request));
        return new RevocationCheck(token.keys(), userTag, response::get);
    }

    /**
     * Returns whether a session is not revoked. A session without a user never is. Costs one more round trip if the token named
     * another user than the record, or no user, and if the session is revoked: the script then extends the revocation.
     */
    public boolean accepts(RevocationCheck revocationCheck, @Nullable String userTag) {
        if (userTag == null) {
            return true;
        }
        Supplier<Acceptance> reply = revocationCheck.reply();
        try {
            if (reply != null && userTag.equals(revocationCheck.userTag()) && reply.get() != Acceptance.DOUBTFUL) {
                return true;
            }
            return redis.send(accepted(revocationCheck.keys(), userTag, null)) != Acceptance.DOUBTFUL;
        } catch (RedisRejectedException e) {
            if (!e.isWrongType()) {
                throw e; // the error is not about the user's key
            }
            return false;
        }
    }

    /** Returns whether a session of a user is not revoked. One round trip. */
    public boolean accepts(SessionKeys sessionKeys, String user) {
        return accepts(new RevocationCheck(sessionKeys, null, null), keyNames.userTag(sessionKeys.kid(), user));
    }

    /** Returns a call that reads whether the user has a revocation, and whether it accepts the session, in one command. */
    private RedisCall<Acceptance> seemsAccepted(SessionKeys sessionKeys, String userTag) {
        byte[] entry = ScriptArgs.encode(UserIndex.entry(sessionKeys.kid(), sessionKeys.handle()));
        return RedisCall.zmscore(
                RedisPurpose.SESSIONS, keyNames.acceptedKey(userTag), List.of(ALWAYS_LISTED, entry), reply -> {
                    List<byte @Nullable []> scores = reply.list().remainingBytes();
                    // the script decides everything else
                    return scores.size() == 2 && (scores.get(0) == null || scores.get(1) != null)
                            ? Acceptance.ACCEPTED
                            : Acceptance.DOUBTFUL;
                });
    }

    private RedisCall<Acceptance> accepted(SessionKeys sessionKeys, String userTag, @Nullable LeaseRequest request) {
        return LeaseRequest.on(
                ACCEPTED.on(RedisPurpose.SESSIONS),
                keyNames.acceptedKey(userTag),
                keyNames.userLeasesKey(userTag),
                request,
                args -> args.text(UserIndex.entry(sessionKeys.kid(), sessionKeys.handle()))
                        .bytes(lifetime),
                Revocations::acceptance);
    }

    private static Acceptance acceptance(ReplyReader reply) {
        return switch ((int) reply.number()) {
            case 2 -> Acceptance.LEASED;
            case 1 -> Acceptance.ACCEPTED;
            default -> Acceptance.DOUBTFUL;
        };
    }
}
