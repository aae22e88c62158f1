package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.RedisSessionStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions alive while they are in use, so that idle time counts from the end of the last request (Servlet 6.0, section
 * 7.5).
 *
 * <p>Opening and saving a session record its use. This class records it again for a session that a request holds for longer
 * than a quarter of its idle timeout, and at the end of a request that lasted long enough to matter. All uses that are due
 * are recorded in one round trip of {@code touch.lua}, in the background. Thread-safe.
 */
final class SessionKeeper {
    private static final System.Logger LOG = System.getLogger(SessionKeeper.class.getName());

    /** The maximum error of the recorded use at the end of a request: this, or a twentieth of the idle timeout if that is shorter. */
    private static final Duration EXACTNESS = Duration.ofSeconds(1);

    private static final int RENEWALS = 4;
    private static final int EXACT = 20;

    private final Redis redis;
    private final RedisSessionStore store;
    private final LocalSessions live;
    private final Map<String, LiveSession> ended = new ConcurrentHashMap<>();

    SessionKeeper(Redis redis, RedisSessionStore store, LocalSessions live) {
        this.redis = redis;
        this.store = store;
        this.live = live;
    }

    /** Returns whether the use of a session that is still in use must be recorded again. */
    static boolean isRenewalDue(LiveSession session, long nanosSinceRecorded) {
        long idle = idleNanos(session);
        return idle > 0 && nanosSinceRecorded >= idle / RENEWALS;
    }

    private static long idleNanos(LiveSession session) {
        boolean kept = session.isStored() && !session.isEnded() && !session.isSuperseded();
        return kept ? Duration.ofSeconds(session.metadata().idleSeconds()).toNanos() : 0;
    }

    /** Called when a request releases a session. */
    void endOfUse(LiveSession session, LocalSessions.Hold hold) {
        long since = hold.nanosSinceRecorded();
        if (since < EXACTNESS.toNanos() / EXACT) {
            return; // the common case; does not read the metadata
        }
        long idle = idleNanos(session);
        if (idle > 0 && since >= Math.min(EXACTNESS.toNanos(), idle / EXACT)) {
            ended.put(session.keys().lookup(), session);
        }
    }

    /** Records all uses that are due. One round trip; none if no use is due. */
    void noteUse() {
        Map<String, LiveSession> due = new LinkedHashMap<>(ended);
        due.values().forEach(session -> ended.remove(session.keys().lookup(), session));
        live.dueForRenewal().forEach(session -> due.put(session.keys().lookup(), session));
        if (due.isEmpty()) {
            return;
        }
        Pipeline pipeline = new Pipeline();
        Map<LiveSession, Response<byte @Nullable []>> replies = new LinkedHashMap<>();
        due.values().forEach(session -> replies.put(session, pipeline.add(store.touch(session.keys()))));
        try {
            redis.send(pipeline);
            replies.forEach((session, response) -> useRecorded(session, response.get()));
        } catch (GatehouseException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The use of {0} sessions could not be recorded: {1}",
                    due.size(),
                    e.getMessage());
        }
    }

    private void useRecorded(LiveSession session, byte @Nullable [] revisionTag) {
        live.useRecorded(session);
        if (revisionTag != null && !Arrays.equals(revisionTag, session.revisionTag())) {
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
