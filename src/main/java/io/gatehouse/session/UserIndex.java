package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.Script;
import io.gatehouse.session.Glances.Glance;
import io.gatehouse.signing.KeyRing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a user has: a sorted set for each user, scored by the sessions' absolute ends. It is a hint: who reads it
 * looks at each session. A user's name appears in no key, and sessions filed under an older signing key are found too.
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

    Call<Long> file(String user, Location location, long expiresAt) {
        return filing(keySpace.userKey(keys.currentKid(), user), location, Long.toString(expiresAt));
    }

    /** Takes a session out, whichever key it was filed under. */
    List<Call<Long>> unfile(String user, Location location) {
        return user.isEmpty()
                ? List.of()
                : keys.kids().stream()
                        .map(kid -> filing(keySpace.userKey(kid, user), location, ""))
                        .toList();
    }

    private static Call<Long> filing(byte[] userKey, Location location, String expiresAt) {
        return USER.call(
                Purpose.SESSIONS,
                List.of(userKey),
                List.of(entry(location), SessionStore.ascii(expiresAt)),
                SessionStore::count);
    }

    /**
     * Reserves a place for a session.
     *
     * @param gone entries that are known to stand for nothing any more
     * @return nothing if there was a place, else the entries that have taken them all, empty for one that is reserved
     */
    Call<List<String>> admit(String user, Location location, int most, long reservationMillis, List<String> gone) {
        List<byte[]> arguments = new ArrayList<>(
                List.of(entry(location), SessionStore.number(most), SessionStore.number(reservationMillis)));
        gone.forEach(name -> arguments.add(SessionStore.ascii(name)));
        return ADMIT.call(Purpose.SESSIONS, List.of(keySpace.userKey(keys.currentKid(), user)), arguments, raw -> {
            List<String> reply = SessionStore.texts(raw);
            return reply.isEmpty() ? reply : reply.subList(1, reply.size());
        });
    }

    /**
     * The live sessions of a user, at most 1000; two round trips. An entry is taken out if its session is another user's by
     * now. If its session is not there, it may be that of a log-in under way, and stays until the session's absolute end.
     */
    List<Glance> sessions(Redis redis, Glances glances, String user) {
        Flight asking = new Flight();
        List<Reply<List<Location>>> filed = new ArrayList<>();
        for (String kid : keys.kids()) {
            filed.add(asking.add(LIST.call(
                    Purpose.SESSIONS,
                    List.of(keySpace.userKey(kid, user)),
                    List.of(SessionStore.number(MOST_LISTED)),
                    this::locations)));
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

    private static byte[] entry(Location location) {
        return SessionStore.ascii(location.kid() + "." + location.handle());
    }

    /** The session that an entry stands for, or null if its key is not ours any more. */
    @Nullable
    Location located(String entry) {
        int dot = entry.indexOf('.');
        String kid = entry.substring(0, Math.max(dot, 0));
        return keys.knows(kid) ? keySpace.locate(kid, entry.substring(dot + 1)) : null;
    }

    private List<Location> locations(@Nullable Object reply) {
        return SessionStore.texts(reply).stream()
                .map(this::located)
                .filter(Objects::nonNull)
                .toList();
    }
}
