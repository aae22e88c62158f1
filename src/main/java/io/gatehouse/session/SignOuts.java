package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisRejected;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import io.gatehouse.redis.ScriptArgs;
import io.gatehouse.signing.KeyRing;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which users were signed out everywhere. From then on, only those sessions of such a user are accepted that are on a list: the
 * one that was to stay, and those that became the user's afterwards, which {@link UserIndex#file} adds. So it needs no clock,
 * and holds for sessions that the index of the user has lost.
 *
 * <p>Scripts: {@code signout.lua} (UNLINK, ZADD, PEXPIRE), {@code accepted.lua} (ZCARD, ZSCORE).
 */
final class SignOuts {
    private static final Script SIGN_OUT = Script.beside(SignOuts.class, "signout.lua", true);
    private static final Script ACCEPTED = Script.beside(SignOuts.class, "accepted.lua", true);

    private final Redis redis;
    private final KeyRing keys;
    private final KeySpace keySpace;
    private final byte[] lifetime;

    /** @param lifetime as long as any session can be stored */
    SignOuts(Redis redis, KeyRing keys, KeySpace keySpace, Duration lifetime) {
        this.redis = redis;
        this.keys = keys;
        this.keySpace = keySpace;
        this.lifetime = ScriptArgs.encode(lifetime.toMillis());
    }

    /**
     * Signs a user out everywhere, whichever keys the sessions were signed with; one round trip.
     *
     * @param exceptHandle the session that stays, or null
     * @return how many replicas have confirmed it
     */
    int signOut(String user, @Nullable String exceptHandle, Durability durability) {
        Flight flight = new Flight();
        List<Reply<Long>> replies = keys.kids().stream()
                .map(kid -> flight.add(SIGN_OUT.on(Purpose.SESSIONS)
                        .keys(keySpace.acceptedKey(kid, user))
                        .args(args -> args.bytes(lifetime)
                                .text(exceptHandle == null ? "" : UserIndex.entry(kid, exceptHandle)))
                        .reply(ReplyReader::number)))
                .toList();
        durability.ask(flight);
        redis.send(flight);
        replies.forEach(Reply::value);
        return durability.confirmations(flight);
    }

    /** A question about the user that a token names, under way with the reading of the session. */
    record Question(
            Location location,
            @Nullable String userTag,
            @Nullable Reply<Boolean> reply) {}

    /** Adds the question to a flight that is sent anyway. */
    Question ask(SessionTicket ticket, Flight flight) {
        String userTag = ticket.userTag();
        Reply<Boolean> reply = userTag == null ? null : flight.add(accepted(ticket.location(), userTag));
        return new Question(ticket.location(), userTag, reply);
    }

    /**
     * Returns whether the session may be used by its user; a session without a user always may. Costs one more round trip if
     * the token named another user, or none.
     */
    boolean accepts(Question question, @Nullable String userTag) {
        if (userTag == null) {
            return true;
        }
        Reply<Boolean> reply = question.reply();
        try {
            if (reply != null && userTag.equals(question.userTag())) {
                return reply.value();
            }
            return redis.send(accepted(question.location(), userTag));
        } catch (RedisRejected e) {
            if (!e.isWrongType()) {
                throw e; // it says nothing of the user
            }
            return false;
        }
    }

    /** Whether a session may be used; one round trip. */
    boolean accepts(Location location, String user) {
        return accepts(new Question(location, null, null), keySpace.userTag(location.kid(), user));
    }

    private Call<Boolean> accepted(Location location, String userTag) {
        return ACCEPTED.on(Purpose.SESSIONS)
                .keys(keySpace.acceptedKey(userTag))
                .args(args -> args.text(UserIndex.entry(location.kid(), location.handle()))
                        .bytes(lifetime))
                .reply(ReplyReader::flag);
    }
}
