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
 * <p>Opening and saving a session note its use. This class notes it once more for a session that a request holds for longer
 * than a quarter of its idle timeout, and at the end of a request that lasted long enough to matter. All notes that are due
 * travel in one round trip of {@code touch.lua}, in the background. Thread-safe.
 */
final class SessionKeeper {
    private static final System.Logger LOG = System.getLogger(SessionKeeper.class.getName());

    /** How long before its end the use of a session may have been noted last: this, or a twentieth of the idle timeout. */
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

    /** Whether the use of a session must be noted while it goes on. */
    static boolean isRenewalDue(LiveSession session, long nanosSinceNoted) {
        long idle = idleNanos(session);
        return idle > 0 && nanosSinceNoted >= idle / RENEWALS;
    }

    private static long idleNanos(LiveSession session) {
        boolean kept = session.isStored() && !session.isEnded() && !session.isSuperseded();
        return kept ? Duration.ofSeconds(session.metadata().idleSeconds()).toNanos() : 0;
    }

    /** A request lets go of a session. */
    void endOfUse(LiveSession session, LocalSessions.Hold hold) {
        long since = hold.nanosSinceNoted();
        if (since < EXACTNESS.toNanos() / EXACT) {
            return; // the common case, without a look at the metadata
        }
        long idle = idleNanos(session);
        if (idle > 0 && since >= Math.min(EXACTNESS.toNanos(), idle / EXACT)) {
            ended.put(session.location().lookup(), session);
        }
    }

    /** Notes what is due; one round trip, none if nothing is. */
    void noteUse() {
        Map<String, LiveSession> due = new LinkedHashMap<>(ended);
        due.values().forEach(session -> ended.remove(session.location().lookup(), session));
        live.dueForRenewal().forEach(session -> due.put(session.location().lookup(), session));
        if (due.isEmpty()) {
            return;
        }
        Pipeline pipeline = new Pipeline();
        Map<LiveSession, Response<byte @Nullable []>> replies = new LinkedHashMap<>();
        due.values().forEach(session -> replies.put(session, pipeline.add(store.touch(session.location()))));
        try {
            redis.send(pipeline);
            replies.forEach((session, response) -> noted(session, response.get()));
        } catch (GatehouseException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "the use of {0} sessions could not be noted: {1}",
                    due.size(),
                    e.getMessage());
        }
    }

    private void noted(LiveSession session, byte @Nullable [] seal) {
        live.noted(session);
        if (seal != null && !Arrays.equals(seal, session.seal())) {
            supersedeIfReplaced(session);
        }
    }

    /** The session was changed elsewhere. A request that another node has cut off must not keep it alive. */
    private void supersedeIfReplaced(LiveSession session) {
        Pipeline pipeline = new Pipeline();
        var reply = store.load(session.location(), pipeline);
        redis.send(pipeline);
        if (reply.get() instanceof RedisSessionStore.Found found
                && found.session().metadata().identity() > session.identity()) {
            session.supersede();
        }
    }
}
