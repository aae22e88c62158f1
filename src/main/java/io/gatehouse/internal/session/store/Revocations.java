package io.gatehouse.internal.session.store;

import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
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
 * Which users were signed out everywhere. From then on, only those sessions of such a user are accepted that are on a list: the
 * one that was to stay, and those that became the user's afterwards, which {@link UserIndex#add} adds. So it needs no clock,
 * and holds for sessions that the index of the user has lost.
 *
 * <p>Scripts: {@code signout.lua} (UNLINK, ZADD, PEXPIRE), {@code accepted.lua} (ZCARD, ZSCORE).
 */
public final class Revocations {
    private static final Script SIGN_OUT = Script.load(Revocations.class, "signout.lua", true);
    private static final Script ACCEPTED = Script.load(Revocations.class, "accepted.lua", true);

    private final Redis redis;
    private final KeyRing keys;
    private final KeyNames keyNames;
    private final byte[] lifetime;

    /** @param lifetime as long as any session can be stored */
    public Revocations(Redis redis, KeyRing keys, KeyNames keyNames, Duration lifetime) {
        this.redis = redis;
        this.keys = keys;
        this.keyNames = keyNames;
        this.lifetime = ScriptArgs.encode(lifetime.toMillis());
    }

    /**
     * Signs a user out everywhere, whichever keys the sessions were signed with; one round trip.
     *
     * @param exceptHandle the session that stays, or null
     * @return how many replicas have confirmed it
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
        replicaAcknowledgement.ask(pipeline);
        redis.send(pipeline);
        replies.forEach(Response::get);
        return replicaAcknowledgement.confirmations(pipeline);
    }

    /** A question about the user that a token names, under way with the reading of the session. */
    public record RevocationCheck(
            SessionKeys location,
            @Nullable String userTag,
            @Nullable Response<Boolean> reply) {}

    /** Adds the question to a flight that is sent anyway. */
    public RevocationCheck check(VerifiedToken ticket, Pipeline pipeline) {
        String userTag = ticket.userTag();
        Response<Boolean> response = userTag == null ? null : pipeline.add(accepted(ticket.location(), userTag));
        return new RevocationCheck(ticket.location(), userTag, response);
    }

    /**
     * Returns whether the session may be used by its user; a session without a user always may. Costs one more round trip if
     * the token named another user, or none.
     */
    public boolean accepts(RevocationCheck revocationCheck, @Nullable String userTag) {
        if (userTag == null) {
            return true;
        }
        Response<Boolean> response = revocationCheck.reply();
        try {
            if (response != null && userTag.equals(revocationCheck.userTag())) {
                return response.get();
            }
            return redis.send(accepted(revocationCheck.location(), userTag));
        } catch (RedisRejectedException e) {
            if (!e.isWrongType()) {
                throw e; // it says nothing of the user
            }
            return false;
        }
    }

    /** Whether a session may be used; one round trip. */
    public boolean accepts(SessionKeys sessionKeys, String user) {
        return accepts(new RevocationCheck(sessionKeys, null, null), keyNames.userTag(sessionKeys.kid(), user));
    }

    private RedisCall<Boolean> accepted(SessionKeys sessionKeys, String userTag) {
        return ACCEPTED.on(RedisPurpose.SESSIONS)
                .keys(keyNames.acceptedKey(userTag))
                .args(args -> args.text(UserIndex.entry(sessionKeys.kid(), sessionKeys.handle()))
                        .bytes(lifetime))
                .reply(ReplyReader::flag);
    }
}
