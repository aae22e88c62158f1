package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions alive while they are in use, so that idle time counts from the end of the last request (Servlet 6.0, section
 * 7.5).
 *
 * <p>Saving a session and reading it by script record its use; a plain read does not. This class records uses in the background, all that
 * are due in one round trip of {@code touch.lua}:
 *
 * <ul>
 *   <li>that of a session which a request still holds, a quarter of the idle timeout after the last recorded use;
 *   <li>the end of a request that lasted for {@link #EXACTNESS}, at once;
 *   <li>the end of any other request, at most {@link #LATENESS} or a sixtieth of the idle timeout after the last recorded use. Requests in
 *       between share one record.
 * </ul>
 *
 * <p>A record names the time of the use and not its own, so lateness does not extend the life of a session. A use that could not be
 * recorded is recorded again later, until the session must have expired. Thread-safe.
 */
final class SessionKeeper {
    private static final System.Logger LOG = System.getLogger(SessionKeeper.class.getName());

    /** The duration of a request whose end is recorded at once: this, or a twentieth of the idle timeout if that is shorter. */
    private static final Duration EXACTNESS = Duration.ofSeconds(1);

    /** The longest time for which uses are not recorded: this, or a sixtieth of the idle timeout if that is shorter. */
    static final Duration LATENESS = Duration.ofSeconds(30);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final int RENEWALS = 4;
    private static final int EXACT = 20;
    private static final int LATE = 60;
    private static final int MOST_AT_ONCE = 500;

    private final Redis redis;
    private final RedisSessionStore store;
    private final LocalSessions live;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    SessionKeeper(Redis redis, RedisSessionStore store, LocalSessions live) {
        this.redis = redis;
        this.store = store;
        this.live = live;
    }

    /**
     * A use of a session that is not recorded yet. Times are those of the monotonic clock.
     *
     * @param idle the idle timeout; 0 for none
     * @param due when the use must be recorded
     */
    private record Use(SessionKeys keys, long at, long idle, long due) {
        boolean isDue(long now) {
            return now - due >= 0;
        }

        Use again(long now) {
            return new Use(keys, at, idle, now + RETRY.toNanos());
        }

        boolean isWorthRepeating(long now) {
            return idle == 0 || now - at < idle;
        }
    }

    /** Returns whether the use of a session that is still in use must be recorded again. */
    static boolean isRenewalDue(LiveSession session, long nanosSinceRecorded) {
        long idle = isKept(session) ? idleNanos(session) : 0;
        return idle > 0 && nanosSinceRecorded >= idle / RENEWALS;
    }

    private static boolean isKept(LiveSession session) {
        return session.revisionTag() != null && !session.isEnded() && !session.isSuperseded();
    }

    private static long idleNanos(LiveSession session) {
        return Duration.ofSeconds(session.metadata().idleSeconds()).toNanos();
    }

    /** Called when a request releases a session. */
    void endOfUse(LiveSession session, LocalSessions.Hold hold) {
        long since = hold.nanosSinceRecorded();
        boolean enough = hold.isUseRecorded() && since < EXACTNESS.toNanos() / EXACT;
        if (enough || !isKept(session)) {
            return;
        }
        long now = live.nanoTime();
        long idle = idleNanos(session);
        boolean wasLong = hold.nanosHeld() >= shorter(EXACTNESS, idle / EXACT);
        long due = wasLong ? now : now - since + shorter(LATENESS, idle / LATE);
        uses.put(session.keys().lookup(), new Use(session.keys(), now, idle, due));
    }

    private static long shorter(Duration most, long share) {
        return share == 0 ? most.toNanos() : Math.min(most.toNanos(), share);
    }

    /** Forgets the use of a session that has ended. */
    void forget(SessionKeys sessionKeys) {
        uses.remove(sessionKeys.lookup());
    }

    /**
     * Returns how long before a request the last use of its session was that is not recorded yet, or null if there is none. Counts from
     * before the session was read, so that the use is never placed too early.
     */
    @Nullable
    Duration unrecordedUseBefore(LocalSessions.Hold hold) {
        Use use = uses.get(hold.keys().lookup());
        return use == null ? null : Duration.ofNanos(Math.max(0, hold.since() - use.at()));
    }

    /** Records all uses that are due. One round trip, more only for hundreds of uses; none if no use is due. */
    void noteUse() {
        noteUse(false);
    }

    /** Records all uses, because this node stops. */
    void noteEveryUse() {
        noteUse(true);
    }

    private void noteUse(boolean every) {
        long now = live.nanoTime();
        List<Use> due = new ArrayList<>();
        uses.values().removeIf(use -> (every || use.isDue(now)) && due.add(use));
        for (LiveSession session : live.dueForRenewal()) {
            due.add(new Use(session.keys(), now, idleNanos(session), now));
        }
        for (int from = 0; from < due.size(); from += MOST_AT_ONCE) {
            send(due.subList(from, Math.min(due.size(), from + MOST_AT_ONCE)));
        }
    }

    private void send(List<Use> due) {
        long now = live.nanoTime();
        Pipeline pipeline = new Pipeline();
        List<Response<byte @Nullable []>> replies = due.stream()
                .map(use -> pipeline.add(store.touch(use.keys(), Duration.ofNanos(Math.max(0, now - use.at())))))
                .toList();
        redis.send(pipeline);
        for (int i = 0; i < due.size(); i++) {
            Use use = due.get(i);
            try {
                useRecorded(use, replies.get(i).get());
            } catch (GatehouseException e) {
                if (use.isWorthRepeating(now)) {
                    uses.putIfAbsent(use.keys().lookup(), use.again(now)); // otherwise a later use is to be recorded
                }
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "The use of {0} could not be recorded: {1}",
                        use.keys(),
                        e.getMessage());
            }
        }
    }

    private void useRecorded(Use use, byte @Nullable [] revisionTag) {
        live.useRecorded(use.keys(), use.at());
        LiveSession session = live.find(use.keys());
        if (session != null && revisionTag != null && !Arrays.equals(revisionTag, session.revisionTag())) {
            supersedeIfReplaced(session);
        }
    }

    /** Supersedes the live session if another node has changed the id: a request that is cut off must not keep the session alive. */
    private void supersedeIfReplaced(LiveSession session) {
        Pipeline pipeline = new Pipeline();
        var reply = store.load(session.keys(), pipeline);
        redis.send(pipeline);
        if (reply.get() instanceof RedisSessionStore.Found found
                && found.session().metadata().identity() > session.identity()) {
            session.supersede();
        }
    }
}
