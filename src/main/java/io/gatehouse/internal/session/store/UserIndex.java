package io.gatehouse.internal.session.store;

import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.signing.KeyRing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a user has: a sorted set for each user, scored by the sessions' absolute ends. It is a hint: the reader
 * checks each session. A user's name appears in no key. A session is filed under the signing key that it was made with, and
 * all keys are looked through.
 *
 * <p>Scripts: {@code user.lua} (ZADD or ZREM, ZREMRANGEBYSCORE, PEXPIRE), {@code list.lua} (ZREVRANGEBYSCORE), {@code
 * admit.lua} (ZCARD, ZADD).
 */
public final class UserIndex {
    private static final Script USER = Script.load(UserIndex.class, "user.lua", true);
    private static final Script LIST = Script.load(UserIndex.class, "list.lua", true);
    private static final Script ADMIT = Script.load(UserIndex.class, "admit.lua", true);
    private static final int MOST_LISTED = 1000;

    private final KeyRing keys;
    private final KeyNames keyNames;

    public UserIndex(KeyRing keys, KeyNames keyNames) {
        this.keys = keys;
        this.keyNames = keyNames;
    }

    /**
     * Files a session under its user; the reply says how many are filed under the same signing key.
     *
     * @param becomes whether it becomes the user's now, and so may be used though the user was {@linkplain Revocations signed out}
     */
    public RedisCall<Long> add(String user, SessionKeys sessionKeys, long expiresAt, boolean becomes) {
        return adding(user, sessionKeys, Long.toString(expiresAt), becomes ? "new" : "");
    }

    /** Takes a session out. */
    public List<RedisCall<Long>> remove(String user, SessionKeys sessionKeys) {
        return user.isEmpty() ? List.of() : List.of(adding(user, sessionKeys, "", ""));
    }

    private RedisCall<Long> adding(String user, SessionKeys sessionKeys, String expiresAt, String how) {
        return USER.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(sessionKeys.kid(), user), keyNames.acceptedKey(sessionKeys.kid(), user))
                .args(args -> args.text(entry(sessionKeys)).text(expiresAt).text(how))
                .reply(ReplyReader::number);
    }

    /** Whether the sessions of a user may be filed under several keys. */
    public boolean hasSeveralKeys() {
        return keys.kids().size() > 1;
    }

    /** The outcome of asking for a place. */
    public sealed interface Place {}

    record Reserved() implements Place {}

    /** @param takenBy the entries under the same key that have places, empty for one that is reserved */
    public record Full(List<String> takenBy) implements Place {}

    /**
     * Reserves a place for a session among those under the same key.
     *
     * @param most how many there may be, 0 or less for none
     * @param gone entries that are known to stand for nothing any more
     */
    public RedisCall<Place> admit(
            String user, SessionKeys sessionKeys, int most, long reservationMillis, List<String> gone) {
        return ADMIT.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(sessionKeys.kid(), user))
                .args(args -> args.text(entry(sessionKeys))
                        .number(most)
                        .number(reservationMillis)
                        .texts(gone))
                .reply(reader -> admitted(reader.list()));
    }

    private static Place admitted(ReplyReader reply) {
        return reply.oneOf("admitted", "full").equals("full") ? new Full(reply.remainingTexts()) : new Reserved();
    }

    /** The entries of a user under other keys than a session's; one round trip, none while there is one key. */
    public List<String> underOtherKeys(Redis redis, String user, SessionKeys sessionKeys) {
        Pipeline asking = new Pipeline();
        List<Response<List<String>>> filed = keys.kids().stream()
                .filter(kid -> !kid.equals(sessionKeys.kid()))
                .map(kid -> asking.add(list(kid, user, ReplyReader::texts)))
                .toList();
        redis.send(asking);
        return filed.stream().flatMap(response -> response.get().stream()).toList();
    }

    /**
     * Passes over a list of another type, which misses the session: signing out everywhere holds all the same.
     *
     * @throws RedisUnavailableException if a list could not be reached; it must not miss the session for that
     */
    public static void requireAdded(List<Response<Long>> filed) {
        for (Response<Long> response : filed) {
            try {
                long unused = response.get();
            } catch (RedisRejectedException e) {
                // such a list is damaged already
            }
        }
    }

    private <T> RedisCall<T> list(String kid, String user, Function<ReplyReader, T> decoder) {
        return LIST.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(kid, user))
                .args(args -> args.number(MOST_LISTED))
                .reply(decoder);
    }

    /**
     * The live sessions of a user, at most 1000; two round trips. An entry is taken out if its session is another user's by
     * now. If its session is not there, it may be that of a login under way, and stays until the session's absolute end.
     */
    public List<SessionSummary> sessions(Redis redis, SessionSummaryReader sessionSummaryReader, String user) {
        Pipeline asking = new Pipeline();
        List<Response<List<SessionKeys>>> filed = new ArrayList<>();
        for (String kid : keys.kids()) {
            filed.add(asking.add(list(kid, user, this::locations)));
        }
        redis.send(asking);

        Pipeline looking = new Pipeline();
        Map<SessionKeys, Response<@Nullable SessionSummary>> replies = new LinkedHashMap<>();
        filed.stream()
                .flatMap(response -> response.get().stream())
                .forEach(sessionKeys ->
                        replies.put(sessionKeys, looking.add(sessionSummaryReader.summary(sessionKeys))));
        redis.send(looking);

        List<SessionSummary> sessions = new ArrayList<>();
        Pipeline pruning = new Pipeline();
        replies.forEach((sessionKeys, response) -> {
            SessionSummary sessionSummary = response.get();
            if (sessionSummary != null && sessionSummary.metadata().user().equals(user)) {
                sessions.add(sessionSummary);
            } else if (sessionSummary != null) {
                remove(user, sessionKeys).forEach(pruning::add);
            }
        });
        redis.send(pruning);
        return sessions;
    }

    private static String entry(SessionKeys sessionKeys) {
        return entry(sessionKeys.kid(), sessionKeys.handle());
    }

    /** What stands for a session among those of its user. */
    static String entry(String kid, String handle) {
        return kid + "." + handle;
    }

    /** The session that an entry stands for, or null if its signing key is not in use any more. */
    @Nullable
    public SessionKeys located(String entry) {
        int dot = entry.indexOf('.');
        String kid = entry.substring(0, Math.max(dot, 0));
        return keys.knows(kid) ? keyNames.locate(kid, entry.substring(dot + 1)) : null;
    }

    private List<SessionKeys> locations(ReplyReader reply) {
        return reply.texts().stream()
                .map(this::located)
                .filter(Objects::nonNull)
                .toList();
    }
}
