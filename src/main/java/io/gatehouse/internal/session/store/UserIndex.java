package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The index of the sessions of each user: one sorted set per user and signing key, whose scores are the absolute ends of the
 * sessions. The index is a hint, so readers verify each session. No key contains the name of a user. A session is indexed under the
 * signing key that it was created with; reads cover all signing keys. Thread-safe.
 *
 * <p>Scripts: {@code user.lua} (ZADD or ZREM, ZREMRANGEBYSCORE, PEXPIRE), {@code list.lua} (ZREVRANGEBYSCORE), {@code
 * admit.lua} (ZCARD, ZADD), {@code tidy.lua} (ZREMRANGEBYSCORE, ZREM).
 */
public final class UserIndex {
    private static final Script USER = Script.load(UserIndex.class, "user.lua", true);
    private static final Script LIST = Script.load(UserIndex.class, "list.lua", true);
    private static final Script ADMIT = Script.load(UserIndex.class, "admit.lua", true);
    private static final Script TIDY = Script.load(UserIndex.class, "tidy.lua", true);
    private static final int MOST_LISTED = 1000;
    /** Begins the name under which the sessions of a provider's session are filed; no user's name begins with it. */
    private static final String PROVIDER_SESSION = "\0oidc.sid:";

    private final KeyRing keys;
    private final KeyNames keyNames;

    public UserIndex(KeyRing keys, KeyNames keyNames) {
        this.keys = keys;
        this.keyNames = keyNames;
    }

    /**
     * Returns a call that adds a session to the index of its user, or updates it. Its reply is the number of the user's sessions under the
     * same signing key, negative if the session is {@linkplain Revocations revoked}.
     *
     * @param becomes whether the user has just logged in, so that the session is accepted in spite of an earlier revocation
     */
    RedisCall<Long> add(String user, SessionKeys sessionKeys, long expiresAt, boolean becomes) {
        return adding(user, sessionKeys, Long.toString(expiresAt), becomes ? "new" : "");
    }

    /** Returns the calls that remove a session from the index of a user; none if the name of the user is empty. */
    public List<RedisCall<Long>> remove(String user, SessionKeys sessionKeys) {
        return user.isEmpty() ? List.of() : List.of(adding(user, sessionKeys, "", ""));
    }

    private RedisCall<Long> adding(String user, SessionKeys sessionKeys, String expiresAt, String how) {
        return USER.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(sessionKeys.kid(), user), keyNames.acceptedKey(sessionKeys.kid(), user))
                .args(args -> args.text(entry(sessionKeys)).text(expiresAt).text(how))
                .reply(ReplyReader::number);
    }

    /**
     * Returns the calls that add a session to the indexes for a change of the user, of the provider's session, or of the absolute end, which
     * is the score. The call for the user is the last.
     *
     * @param accepted whether the session is accepted in spite of an earlier revocation
     * @param again whether the session is added even if nothing changes
     */
    public List<RedisCall<Long>> additions(
            SessionKeys sessionKeys, SessionMetadata before, SessionMetadata after, boolean accepted, boolean again) {
        boolean same = before.user().equals(after.user())
                && before.providerSession().equals(after.providerSession())
                && before.expiresAt() == after.expiresAt();
        List<RedisCall<Long>> additions = new ArrayList<>();
        if (same && !again) {
            return additions;
        }
        if (!after.providerSession().isEmpty()) {
            additions.add(addToProviderSession(after.providerSession(), sessionKeys, after.expiresAt()));
        }
        if (!after.user().isEmpty()) {
            additions.add(add(after.user(), sessionKeys, after.expiresAt(), accepted));
        }
        return additions;
    }

    /** Returns whether the reply to an addition shows that the session is revoked. */
    public static boolean isRevoked(Response<Long> addition) {
        return addition.fault() == null && addition.get() < 0;
    }

    /** Returns whether the sessions of a user may be indexed under several signing keys. */
    public boolean hasSeveralKeys() {
        return keys.kids().size() > 1;
    }

    /** The outcome of reserving a place. */
    public sealed interface Place {}

    /** The place is reserved. */
    record Reserved() implements Place {}

    /**
     * The user has no place left.
     *
     * @param takenBy the entries under the same signing key; an empty text for a reserved place
     */
    public record Full(List<String> takenBy) implements Place {}

    /**
     * Returns a call that reserves a place for a session under its signing key.
     *
     * @param most the maximum number of sessions under this key; 0 or less for none
     * @param missing entries whose sessions no longer exist, which are removed first
     */
    public RedisCall<Place> admit(
            String user, SessionKeys sessionKeys, int most, long reservationMillis, List<String> missing) {
        return ADMIT.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(sessionKeys.kid(), user))
                .args(args -> args.text(entry(sessionKeys))
                        .number(most)
                        .number(reservationMillis)
                        .texts(missing))
                .reply(reader -> admitted(reader.list()));
    }

    private static Place admitted(ReplyReader reply) {
        return reply.oneOf("admitted", "full").equals("full") ? new Full(reply.remainingTexts()) : new Reserved();
    }

    /** Returns the entries of a user under other signing keys than a session's. One round trip; none if there is only one key. */
    public List<String> underOtherKeys(Redis redis, String user, SessionKeys sessionKeys) {
        Pipeline listing = new Pipeline();
        List<Response<List<String>>> entries = keys.kids().stream()
                .filter(kid -> !kid.equals(sessionKeys.kid()))
                .map(kid -> listing.add(list(kid, user, "", ReplyReader::texts)))
                .toList();
        redis.send(listing);
        return entries.stream().flatMap(response -> response.get().stream()).toList();
    }

    /**
     * Checks that index updates have succeeded. Ignores an index whose key has another type: it lacks the session, but revocations apply
     * to the session nevertheless.
     *
     * @throws RedisUnavailableException if an index was not reached
     */
    public static void requireAdded(List<Response<Long>> additions) {
        for (Response<Long> response : additions) {
            try {
                long unused = response.get();
            } catch (RedisRejectedException e) {
                // the key has another type, so the index is damaged already
            }
        }
    }

    private <T> RedisCall<T> list(String kid, String user, String which, Function<ReplyReader, T> decoder) {
        return LIST.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(kid, user))
                .args(args -> args.number(MOST_LISTED).text(which))
                .reply(decoder);
    }

    /**
     * Returns the entries of a user by signing key, expired ones included; at most {@value #MOST_LISTED} per signing key. One round
     * trip.
     */
    public Map<String, List<String>> entries(Redis redis, String user) {
        Pipeline listing = new Pipeline();
        Map<String, Response<List<String>>> replies = new LinkedHashMap<>();
        keys.kids().forEach(kid -> replies.put(kid, listing.add(list(kid, user, "all", ReplyReader::texts))));
        redis.send(listing);
        Map<String, List<String>> entries = new LinkedHashMap<>();
        replies.forEach((kid, reply) -> entries.put(kid, reply.get()));
        return entries;
    }

    /**
     * Returns a call that removes expired entries and the given ones, except places that running logins have reserved. Its reply is the
     * number of removed entries.
     *
     * @param missing entries whose sessions do not exist
     */
    public RedisCall<Long> tidy(String kid, String user, long reservationMillis, List<String> missing) {
        return TIDY.on(RedisPurpose.SESSIONS)
                .keys(keyNames.userKey(kid, user))
                .args(args -> args.number(reservationMillis).texts(missing))
                .reply(ReplyReader::number);
    }

    /**
     * Returns the live sessions of a user, at most {@value #MOST_LISTED} per signing key. Two round trips. Removes entries whose
     * sessions now belong to another user. Keeps entries whose sessions do not exist, because a running login may be about to store
     * them; they expire at the absolute end.
     */
    public List<SessionSummary> sessions(Redis redis, SessionSummaryReader sessionSummaryReader, String user) {
        return sessions(
                redis, sessionSummaryReader, user, metadata -> metadata.user().equals(user));
    }

    private List<SessionSummary> sessions(
            Redis redis, SessionSummaryReader sessionSummaryReader, String user, Predicate<SessionMetadata> belongs) {
        Pipeline listing = new Pipeline();
        List<Response<List<SessionKeys>>> indexed = new ArrayList<>();
        for (String kid : keys.kids()) {
            indexed.add(listing.add(list(kid, user, "", this::readKeys)));
        }
        redis.send(listing);

        Pipeline reading = new Pipeline();
        Map<SessionKeys, Response<@Nullable SessionSummary>> replies = new LinkedHashMap<>();
        indexed.stream()
                .flatMap(response -> response.get().stream())
                .forEach(sessionKeys ->
                        replies.put(sessionKeys, reading.add(sessionSummaryReader.summary(sessionKeys))));
        redis.send(reading);

        List<SessionSummary> sessions = new ArrayList<>();
        Pipeline pruning = new Pipeline();
        replies.forEach((sessionKeys, response) -> {
            SessionSummary sessionSummary = response.get();
            if (sessionSummary != null && belongs.test(sessionSummary.metadata())) {
                sessions.add(sessionSummary);
            } else if (sessionSummary != null) {
                remove(user, sessionKeys).forEach(pruning::add);
            }
        });
        redis.send(pruning);
        return sessions;
    }

    /** Files a session under the OpenID provider's session in which its user logged in. */
    public RedisCall<Long> addToProviderSession(String sid, SessionKeys sessionKeys, long expiresAt) {
        return add(PROVIDER_SESSION + sid, sessionKeys, expiresAt, false);
    }

    /** Takes a session out from under a session of the OpenID provider, if it is filed under one. */
    public List<RedisCall<Long>> removeFromProviderSession(String sid, SessionKeys sessionKeys) {
        return sid.isEmpty() ? List.of() : remove(PROVIDER_SESSION + sid, sessionKeys);
    }

    /** Returns the live sessions that were opened in a session of the OpenID provider, as {@link #sessions}. */
    public List<SessionSummary> providerSessions(Redis redis, SessionSummaryReader sessionSummaryReader, String sid) {
        return sessions(
                redis,
                sessionSummaryReader,
                PROVIDER_SESSION + sid,
                metadata -> metadata.providerSession().equals(sid));
    }

    private static String entry(SessionKeys sessionKeys) {
        return entry(sessionKeys.kid(), sessionKeys.handle());
    }

    /** Returns the member of the index that represents a session. */
    static String entry(String kid, String handle) {
        return kid + "." + handle;
    }

    /** Returns the session that an entry represents, or null if its signing key is not in use any more. */
    @Nullable
    public SessionKeys keysOf(String entry) {
        int dot = entry.indexOf('.');
        String kid = entry.substring(0, Math.max(dot, 0));
        return keys.knows(kid) ? keyNames.locate(kid, entry.substring(dot + 1)) : null;
    }

    private List<SessionKeys> readKeys(ReplyReader reply) {
        return reply.texts().stream().map(this::keysOf).filter(Objects::nonNull).toList();
    }
}
