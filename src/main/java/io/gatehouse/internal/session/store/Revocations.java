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
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.signing.KeyRing;
import java.time.Duration;
import java.util.List;
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
    private static final Script SIGN_OUT = Script.load(Revocations.class, "signout.lua", true);
    private static final Script ACCEPTED = Script.load(Revocations.class, "accepted.lua", true);

    /** The member that every revocation contains. */
    private static final byte[] ALWAYS_LISTED = {'-'};

    private final Redis redis;
    private final KeyRing keys;
    private final KeyNames keyNames;
    private final byte[] lifetime;

    /** @param lifetime the longest time for which a session can be stored */
    public Revocations(Redis redis, KeyRing keys, KeyNames keyNames, Duration lifetime) {
        this.redis = redis;
        this.keys = keys;
        this.keyNames = keyNames;
        this.lifetime = ScriptArgs.encode(lifetime.toMillis());
    }

    /**
     * Revokes all sessions of a user, under every signing key. One round trip.
     *
     * @param exceptHandle the session to keep, or null
     * @return the number of replicas that have confirmed the revocation
     */
    public int signOut(String user, @Nullable String exceptHandle, ReplicaAcknowledgement replicaAcknowledgement) {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = keys.kids().stream()
                .map(kid -> pipeline.add(SIGN_OUT.on(RedisPurpose.SESSIONS)
                        .keys(keyNames.acceptedKey(kid, user))
                        .args(args -> args.bytes(lifetime)
                                .text(exceptHandle == null ? "" : UserIndex.entry(kid, exceptHandle)))
                        .reply(ReplyReader::number)))
                .toList();
        replicaAcknowledgement.request(pipeline);
        redis.send(pipeline);
        replies.forEach(Response::get);
        return replicaAcknowledgement.confirmations(pipeline);
    }

    /** A revocation check in a pipeline that also loads the session; null reply if the token names no user. */
    public record RevocationCheck(
            SessionKeys keys,
            @Nullable String userTag,
            @Nullable Response<Boolean> reply) {}

    /** Adds the revocation check of a token to a pipeline that is sent anyway. */
    public RevocationCheck check(VerifiedToken token, Pipeline pipeline) {
        String userTag = token.userTag();
        Response<Boolean> response = userTag == null ? null : pipeline.add(seemsAccepted(token.keys(), userTag));
        return new RevocationCheck(token.keys(), userTag, response);
    }

    /**
     * Returns whether a session is not revoked. A session without a user never is. Costs one more round trip if the token named
     * another user than the record, or no user, and if the session is revoked: the script then extends the revocation.
     */
    public boolean accepts(RevocationCheck revocationCheck, @Nullable String userTag) {
        if (userTag == null) {
            return true;
        }
        Response<Boolean> response = revocationCheck.reply();
        try {
            if (response != null && userTag.equals(revocationCheck.userTag()) && response.get()) {
                return true;
            }
            return redis.send(accepted(revocationCheck.keys(), userTag));
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
    private RedisCall<Boolean> seemsAccepted(SessionKeys sessionKeys, String userTag) {
        byte[] entry = ScriptArgs.encode(UserIndex.entry(sessionKeys.kid(), sessionKeys.handle()));
        return RedisCall.zmscore(
                RedisPurpose.SESSIONS, keyNames.acceptedKey(userTag), List.of(ALWAYS_LISTED, entry), reply -> {
                    List<byte @Nullable []> scores = reply.list().remainingBytes();
                    // the script decides everything else
                    return scores.size() == 2 && (scores.get(0) == null || scores.get(1) != null);
                });
    }

    private RedisCall<Boolean> accepted(SessionKeys sessionKeys, String userTag) {
        return ACCEPTED.on(RedisPurpose.SESSIONS)
                .keys(keyNames.acceptedKey(userTag))
                .args(args -> args.text(UserIndex.entry(sessionKeys.kid(), sessionKeys.handle()))
                        .bytes(lifetime))
                .reply(ReplyReader::flag);
    }
}
