package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that requests of this JVM use right now, one live object for each session and identity.
 *
 * <p>A request takes a {@link Hold} <em>before</em> it asks Redis. From then on the live object that other requests use
 * cannot go, so a change that one of them saves meanwhile is not lost to this request by an older reply. Thread-safe; nothing
 * but a few comparisons happens under its locks.
 */
final class LocalSessions {
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private final NanoClock clock;

    /** A monotonic clock, as {@link System#nanoTime()}. */
    @FunctionalInterface
    interface NanoClock {
        long nanoTime();
    }

    LocalSessions(NanoClock clock) {
        this.clock = clock;
    }

    /** The place of one session, whatever its identity. */
    private static final class Slot {
        final AtomicInteger holds = new AtomicInteger();

        volatile @Nullable LiveSession live;

        /** When its use was last noted in Redis. */
        volatile long notedAt;
    }

    /** The claim of one request on the live object of a session; released once, whatever happens. */
    final class Hold {
        private final SessionKeys sessionKeys;
        private boolean released;

        private Hold(SessionKeys sessionKeys) {
            this.sessionKeys = sessionKeys;
        }

        SessionKeys location() {
            return sessionKeys;
        }

        /**
         * The live object that a request shares that has read this state of the session.
         *
         * @param identity the identity that was read
         * @param make makes a live object of what was read; does no more than that
         */
        LiveSession join(long identity, Supplier<LiveSession> make) {
            LiveSession[] joined = new LiveSession[1];
            slots.compute(sessionKeys.lookup(), (lookup, slot) -> {
                Slot now = slot == null ? new Slot() : slot; // absent only if it was released already
                now.notedAt = clock.nanoTime();
                LiveSession live = now.live;
                if (live == null || live.identity() < identity) {
                    if (live != null) {
                        live.supersede();
                    }
                    live = make.get();
                    now.live = live;
                } else if (live.identity() > identity) { // the id was changed here after Redis had answered
                    live = make.get();
                    live.supersede();
                }
                joined[0] = live;
                return now.holds.get() == 0 ? null : now;
            });
            return joined[0];
        }

        /** The live object that other requests use, or null if there is none. */
        @Nullable
        LiveSession live() {
            return find(sessionKeys);
        }

        /** A change of the id was stored: the fork takes the place of the object that it was forked from. */
        void replace(LiveSession fork) {
            slots.computeIfPresent(sessionKeys.lookup(), (lookup, slot) -> {
                LiveSession live = slot.live;
                if (live != fork && (live == null || live.identity() < fork.identity())) {
                    if (live != null) {
                        live.supersede();
                    }
                    slot.live = fork;
                }
                return slot;
            });
        }

        /** Whether other requests use the session, too. */
        boolean isShared() {
            Slot slot = slots.get(sessionKeys.lookup());
            return slot != null && slot.holds.get() > 1;
        }

        /** The use of the session has just been noted in Redis. */
        void noted() {
            slots.computeIfPresent(sessionKeys.lookup(), (lookup, slot) -> {
                slot.notedAt = clock.nanoTime();
                return slot;
            });
        }

        /** How long ago the use of the session was noted in Redis, in nanoseconds. */
        long nanosSinceNoted() {
            Slot slot = slots.get(sessionKeys.lookup());
            return slot == null ? 0 : clock.nanoTime() - slot.notedAt;
        }

        /** Ends the claim; more calls do nothing. */
        void release() {
            slots.computeIfPresent(sessionKeys.lookup(), (lookup, slot) -> {
                if (released) {
                    return slot;
                }
                released = true;
                return slot.holds.decrementAndGet() == 0 ? null : slot;
            });
        }
    }

    /** Claims the live object of a session, whether or not there is one yet. */
    Hold hold(SessionKeys sessionKeys) {
        slots.compute(sessionKeys.lookup(), (lookup, slot) -> {
            Slot now = slot;
            if (now == null) {
                now = new Slot();
                now.notedAt = clock.nanoTime();
            }
            now.holds.incrementAndGet();
            return now;
        });
        return new Hold(sessionKeys);
    }

    /** The live object at a location, or null if no request uses one. */
    @Nullable
    LiveSession find(SessionKeys sessionKeys) {
        Slot slot = slots.get(sessionKeys.lookup());
        return slot == null ? null : slot.live;
    }

    /** The live sessions whose use was last noted so long ago that it must be noted again. */
    List<LiveSession> dueForRenewal() {
        long now = clock.nanoTime();
        List<LiveSession> due = new ArrayList<>();
        slots.forEach((lookup, slot) -> {
            LiveSession live = slot.live;
            if (live != null && SessionKeeper.isRenewalDue(live, now - slot.notedAt)) {
                due.add(live);
            }
        });
        return due;
    }

    /** The use of a session was noted in Redis. */
    void noted(LiveSession live) {
        slots.computeIfPresent(live.location().lookup(), (lookup, slot) -> {
            slot.notedAt = clock.nanoTime();
            return slot;
        });
    }

    /** How many sessions requests use; zero when no request runs. */
    int size() {
        return slots.size();
    }
}
