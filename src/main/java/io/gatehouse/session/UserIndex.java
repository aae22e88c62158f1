package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisRejected;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import io.gatehouse.session.Glances.Glance;
import io.gatehouse.signing.KeyRing;
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
final class UserIndex {
    private static final Script USER = Script.beside(UserIndex.class, "user.lua", true);
    private static final Script LIST = Script.beside(UserIndex.class, "list.lua", true);
    private static final Script ADMIT = Script.beside(UserIndex.class, "admit.lua", true);
    private static final int MOST_LISTED = 1000;

    private final KeyRing keys;
    private final KeySpace keySpace;

    UserIndex(KeyRing keys, KeySpace keySpace) {
        this.keys = keys;
        this.keySpace = keySpace;
    }

    /**
     * Files a session under its user; the reply says how many are filed under the same signing key.
     *
     * @param becomes whether it becomes the user's now, and so may be used though the user was {@linkplain SignOuts signed out}
     */
    Call<Long> file(String user, Location location, long expiresAt, boolean becomes) {
        return filing(user, location, Long.toString(expiresAt), becomes ? "new" : "");
    }

    /** Takes a session out. */
    List<Call<Long>> unfile(String user, Location location) {
        return user.isEmpty() ? List.of() : List.of(filing(user, location, "", ""));
    }

    private Call<Long> filing(String user, Location location, String expiresAt, String how) {
        return USER.on(Purpose.SESSIONS)
                .keys(keySpace.userKey(location.kid(), user), keySpace.acceptedKey(location.kid(), user))
                .args(args -> args.text(entry(location)).text(expiresAt).text(how))
                .reply(ReplyReader::number);
    }

    /** Whether the sessions of a user may be filed under several keys. */
    boolean isSpread() {
        return keys.kids().size() > 1;
    }

    /** The outcome of asking for a place. */
    sealed interface Place {}

    record Reserved() implements Place {}

    /** @param takenBy the entries under the same key that have places, empty for one that is reserved */
    record Full(List<String> takenBy) implements Place {}

    /**
     * Reserves a place for a session among those under the same key.
     *
     * @param most how many there may be, 0 or less for none
     * @param gone entries that are known to stand for nothing any more
     */
    Call<Place> admit(String user, Location location, int most, long reservationMillis, List<String> gone) {
        return ADMIT.on(Purpose.SESSIONS)
                .keys(keySpace.userKey(location.kid(), user))
                .args(args -> args.text(entry(location))
                        .number(most)
                        .number(reservationMillis)
                        .texts(gone))
                .reply(reader -> admitted(reader.list()));
    }

    private static Place admitted(ReplyReader reply) {
        return reply.oneOf("admitted", "full").equals("full") ? new Full(reply.remainingTexts()) : new Reserved();
    }

    /** The entries of a user under other keys than a session's; one round trip, none while there is one key. */
    List<String> underOtherKeys(Redis redis, String user, Location location) {
        Flight asking = new Flight();
        List<Reply<List<String>>> filed = keys.kids().stream()
                .filter(kid -> !kid.equals(location.kid()))
                .map(kid -> asking.add(list(kid, user, ReplyReader::texts)))
                .toList();
        redis.send(asking);
        return filed.stream().flatMap(reply -> reply.value().stream()).toList();
    }

    /**
     * Passes over a list of another type, which misses the session: signing out everywhere holds all the same.
     *
     * @throws RedisUnavailable if a list could not be reached; it must not miss the session for that
     */
    static void requireFiled(List<Reply<Long>> filed) {
        for (Reply<Long> reply : filed) {
            try {
                long unused = reply.value();
            } catch (RedisRejected e) {
                // such a list is damaged already
            }
        }
    }

    private <T> Call<T> list(String kid, String user, Function<ReplyReader, T> decoder) {
        return LIST.on(Purpose.SESSIONS)
                .keys(keySpace.userKey(kid, user))
                .args(args -> args.number(MOST_LISTED))
                .reply(decoder);
    }

    /**
     * The live sessions of a user, at most 1000; two round trips. An entry is taken out if its session is another user's by
     * now. If its session is not there, it may be that of a login under way, and stays until the session's absolute end.
     */
    List<Glance> sessions(Redis redis, Glances glances, String user) {
        Flight asking = new Flight();
        List<Reply<List<Location>>> filed = new ArrayList<>();
        for (String kid : keys.kids()) {
            filed.add(asking.add(list(kid, user, this::locations)));
        }
        redis.send(asking);

        Flight looking = new Flight();
        Map<Location, Reply<@Nullable Glance>> replies = new LinkedHashMap<>();
        filed.stream()
                .flatMap(reply -> reply.value().stream())
                .forEach(location -> replies.put(location, looking.add(glances.at(location))));
        redis.send(looking);

        List<Glance> sessions = new ArrayList<>();
        Flight pruning = new Flight();
        replies.forEach((location, reply) -> {
            Glance glance = reply.value();
            if (glance != null && glance.metadata().user().equals(user)) {
                sessions.add(glance);
            } else if (glance != null) {
                unfile(user, location).forEach(pruning::add);
            }
        });
        redis.send(pruning);
        return sessions;
    }

    private static String entry(Location location) {
        return entry(location.kid(), location.handle());
    }

    /** What stands for a session among those of its user. */
    static String entry(String kid, String handle) {
        return kid + "." + handle;
    }

    /** The session that an entry stands for, or null if its signing key is not in use any more. */
    @Nullable
    Location located(String entry) {
        int dot = entry.indexOf('.');
        String kid = entry.substring(0, Math.max(dot, 0));
        return keys.knows(kid) ? keySpace.locate(kid, entry.substring(dot + 1)) : null;
    }

    private List<Location> locations(ReplyReader reply) {
        return reply.texts().stream()
                .map(this::located)
                .filter(Objects::nonNull)
                .toList();
    }
}
