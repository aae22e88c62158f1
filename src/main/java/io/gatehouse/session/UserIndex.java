package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Script;
import io.gatehouse.signing.KeyRing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a user has: a sorted set for each user, scored by the sessions' absolute ends. It is a hint: who reads it
 * looks at each session. A user's name appears in no key, and sessions filed under an older signing key are found too.
 *
 * <p>Scripts: {@code user.lua} (ZADD or ZREM, ZREMRANGEBYSCORE, PEXPIRE), {@code list.lua} (ZREVRANGEBYSCORE).
 */
final class UserIndex {
    private static final Script USER = Script.beside(UserIndex.class, "user.lua", true);
    private static final Script LIST = Script.beside(UserIndex.class, "list.lua", true);

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
                List.of(SessionStore.ascii(location.kid() + "." + location.handle()), SessionStore.ascii(expiresAt)),
                SessionStore::count);
    }

    /** Where a user's sessions are said to be; one call for each signing key. */
    List<Call<List<Location>>> filed(String user, int most) {
        return keys.kids().stream()
                .map(kid -> LIST.call(
                        Purpose.SESSIONS,
                        List.of(keySpace.userKey(kid, user)),
                        List.of(SessionStore.number(most)),
                        this::locations))
                .toList();
    }

    private List<Location> locations(@Nullable Object reply) {
        List<Location> locations = new ArrayList<>();
        for (String entry : SessionStore.texts(reply)) {
            int dot = entry.indexOf('.');
            String kid = entry.substring(0, Math.max(dot, 0));
            if (keys.knows(kid)) {
                locations.add(keySpace.locate(kid, entry.substring(dot + 1)));
            }
        }
        return locations;
    }
}
