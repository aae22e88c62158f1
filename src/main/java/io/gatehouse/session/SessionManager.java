package io.gatehouse.session;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import io.gatehouse.session.Endings.Targets;
import io.gatehouse.session.SessionStore.Glance;
import io.gatehouse.signing.KeyRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of an application, seen from outside: listed by user, ended by handle, cleaned up. Reads metadata only, never
 * an attribute. Safe for use by several threads.
 */
public final class SessionManager {
    private static final int MOST_LISTED = 1000;
    private static final int BATCH = 200;

    private final Redis redis;
    private final KeyRing keys;
    private final KeySpace keySpace;
    private final SessionStore store;
    private final UserIndex users;
    private final Endings endings;

    SessionManager(Redis redis, KeyRing keys, KeySpace keySpace, SessionStore store, UserIndex users, Endings endings) {
        this.redis = redis;
        this.keys = keys;
        this.keySpace = keySpace;
        this.store = store;
        this.users = users;
        this.endings = endings;
    }

    /**
     * The live sessions of a user, the one used last first; at most 1000. What the index names and is not there any more is
     * taken out of it.
     */
    public List<SessionInfo> getUserSessions(String user) {
        Flight asking = new Flight();
        List<Reply<List<Location>>> filed =
                users.filed(user, MOST_LISTED).stream().map(asking::add).toList();
        redis.send(asking);

        Flight looking = new Flight();
        Map<Location, Reply<@Nullable Glance>> glances = new LinkedHashMap<>();
        filed.stream()
                .flatMap(reply -> reply.value().stream())
                .forEach(location -> glances.put(location, looking.add(store.peek(location))));
        redis.send(looking);

        List<SessionInfo> sessions = new ArrayList<>();
        Flight pruning = new Flight();
        glances.forEach((location, reply) -> {
            Glance glance = reply.value();
            if (glance != null && glance.metadata().user().equals(user)) {
                sessions.add(SessionInfo.of(glance));
            } else {
                users.unfile(user, location).forEach(pruning::add);
            }
        });
        redis.send(pruning);
        sessions.sort(Comparator.comparing(SessionInfo::lastAccessedAt).reversed());
        return sessions;
    }

    /** Ends the session with a handle on all nodes; says whether there was one. Its listeners are told here. */
    public boolean terminate(String handle) {
        boolean ended = false;
        for (String kid : keys.kids()) {
            ended |= endings.end(keySpace.locate(kid, handle), EndReason.ADMIN);
        }
        return ended;
    }

    /**
     * Removes the sessions whose time is over, and tells their listeners; costs in proportion to those, not to the living.
     * Several nodes may do it at once: each session is told by one.
     *
     * @return how many this node has removed
     */
    public int cleanupExpiredSessions() {
        int removed = 0;
        Map<Integer, Reply<List<String>>> due = new LinkedHashMap<>();
        Flight asking = new Flight();
        for (int bucket = 0; bucket < KeySpace.BUCKETS; bucket++) {
            due.put(bucket, asking.add(store.due(keySpace.indexKey(bucket), BATCH)));
        }
        redis.send(asking);
        for (Map.Entry<Integer, Reply<List<String>>> entry : due.entrySet()) {
            int bucket = entry.getKey();
            List<String> before = List.of();
            List<String> members = entry.getValue().value();
            while (!members.equals(before)) { // what cannot be ended stays, and is not tried for ever
                removed += endings.end(List.of(new Targets(bucket, members)), null);
                before = members;
                members = members.size() < BATCH ? before : redis.send(store.due(keySpace.indexKey(bucket), BATCH));
            }
        }
        return removed;
    }
}
