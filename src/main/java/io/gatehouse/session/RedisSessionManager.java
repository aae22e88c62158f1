package io.gatehouse.session;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import io.gatehouse.session.Endings.Targets;
import io.gatehouse.session.Glances.Glance;
import io.gatehouse.signing.KeyRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Manages sessions through their records, indexes and revocations in Redis. Thread-safe. */
public final class RedisSessionManager implements SessionManager {
    private static final int BATCH = 200;

    private final Redis redis;
    private final KeyRing keys;
    private final KeySpace keySpace;
    private final SessionStore store;
    private final Glances glances;
    private final Buckets buckets;
    private final Pages pages;
    private final UserIndex users;
    private final Endings endings;
    private final SignOuts signOuts;
    private final Durability durability;

    RedisSessionManager(
            Redis redis,
            KeyRing keys,
            KeySpace keySpace,
            SessionStore store,
            Glances glances,
            UserIndex users,
            Endings endings,
            SignOuts signOuts,
            Durability durability) {
        this.redis = redis;
        this.keys = keys;
        this.keySpace = keySpace;
        this.store = store;
        this.glances = glances;
        this.buckets = new Buckets(keySpace);
        this.pages = new Pages(redis, keySpace, buckets, glances);
        this.users = users;
        this.endings = endings;
        this.signOuts = signOuts;
        this.durability = durability;
    }

    @Override
    public List<SessionInfo> getUserSessions(String user) {
        return users.sessions(redis, glances, user).stream()
                .map(SessionViews::info)
                .sorted(Comparator.comparing(SessionInfo::lastAccessedAt).reversed())
                .toList();
    }

    @Override
    public SessionPage list(String cursor, int limit) {
        return pages.page(cursor, limit);
    }

    @Override
    public @Nullable SessionDetails getSession(String handle) {
        Flight flight = new Flight();
        Map<Location, Reply<@Nullable SessionDetails>> replies = new LinkedHashMap<>();
        places(handle).forEach(place -> replies.put(place, flight.add(glances.closely(place))));
        redis.send(flight);
        for (Map.Entry<Location, Reply<@Nullable SessionDetails>> entry : replies.entrySet()) {
            SessionDetails details = entry.getValue().value();
            if (details != null) {
                return signOuts.accepts(entry.getKey(), details.info().user()) ? details : null;
            }
        }
        return null;
    }

    /** Where a session with a handle can be: one place for each signing key. */
    private List<Location> places(String handle) {
        return keys.kids().stream().map(kid -> keySpace.locate(kid, handle)).toList();
    }

    @Override
    public boolean touch(String handle) {
        Flight flight = new Flight();
        List<Reply<byte @Nullable []>> touched = new ArrayList<>();
        List<Reply<@Nullable Glance>> seen = new ArrayList<>();
        for (Location place : places(handle)) {
            touched.add(flight.add(store.touch(place)));
            seen.add(flight.add(glances.at(place)));
        }
        redis.send(flight);
        boolean alive = false;
        for (int i = 0; i < seen.size(); i++) {
            Glance glance = seen.get(i).value();
            alive |= touched.get(i).value() != null
                    && glance != null
                    && signOuts.accepts(glance.location(), glance.metadata().user());
        }
        return alive;
    }

    @Override
    public Termination terminate(String handle) {
        return endings.end(places(handle).stream().map(endings::targets).toList(), EndReason.ADMIN);
    }

    @Override
    public Termination terminateUserSessions(String user, @Nullable String exceptHandle) {
        int confirmations = signOuts.signOut(user, exceptHandle, durability);
        Termination all = new Termination(0, confirmations, durability.wanted());
        int before = -1;
        while (all.ended() > before) { // more than one page of them
            before = all.ended();
            Map<Integer, List<String>> targets = new LinkedHashMap<>();
            for (Glance glance : users.sessions(redis, glances, user)) {
                Location location = glance.location();
                if (!location.handle().equals(exceptHandle)) {
                    targets.computeIfAbsent(keySpace.bucketOf(location), any -> new ArrayList<>())
                            .add(location.lookup());
                }
            }
            all = SessionViews.sum(
                    all,
                    endings.end(
                            targets.entrySet().stream()
                                    .map(entry -> new Targets(entry.getKey(), entry.getValue()))
                                    .toList(),
                            EndReason.ADMIN));
        }
        return all;
    }

    @Override
    public Termination terminateAll() {
        Termination all = new Termination(0, durability.wanted(), durability.wanted());
        int before;
        do {
            before = all.ended();
            for (int bucket = 0; bucket < KeySpace.BUCKETS; bucket++) {
                all = SessionViews.sum(all, terminateBucket(bucket));
            }
        } while (!endings.tells() && all.ended() > before); // what others removed meanwhile has shifted the rest
        return all;
    }

    private Termination terminateBucket(int bucket) {
        Termination all = new Termination(0, durability.wanted(), durability.wanted());
        int leftOut = 0;
        List<String> members;
        do {
            members = redis.send(buckets.any(bucket, leftOut, BATCH));
            Termination some = endings.end(List.of(new Targets(bucket, members)), EndReason.ADMIN);
            all = SessionViews.sum(all, some);
            leftOut += members.size() - (endings.tells() ? some.ended() : 0); // another node is about to end these
        } while (!members.isEmpty());
        return all;
    }

    @Override
    public long countSessions() {
        Flight flight = new Flight();
        List<Reply<Long>> counts = IntStream.range(0, KeySpace.BUCKETS)
                .mapToObj(bucket -> flight.add(buckets.count(bucket)))
                .toList();
        redis.send(flight);
        return counts.stream().mapToLong(Reply::value).sum();
    }

    @Override
    public int cleanupExpiredSessions() {
        int removed = 0;
        Flight asking = new Flight();
        List<Reply<List<String>>> due = IntStream.range(0, KeySpace.BUCKETS)
                .mapToObj(bucket -> asking.add(buckets.due(bucket, BATCH)))
                .toList();
        redis.send(asking);
        for (int bucket = 0; bucket < KeySpace.BUCKETS; bucket++) {
            List<String> before = List.of();
            List<String> members = due.get(bucket).value();
            while (!members.equals(before)) { // what cannot be ended stays, and is not tried for ever
                removed +=
                        endings.end(List.of(new Targets(bucket, members)), null).ended();
                before = members;
                members = members.size() < BATCH ? before : redis.send(buckets.due(bucket, BATCH));
            }
        }
        return removed;
    }
}
