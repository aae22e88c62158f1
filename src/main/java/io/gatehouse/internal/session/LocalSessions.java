package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live sessions that requests of this JVM use now: one object for each session and identity. Thread-safe; only a few comparisons
 * happen under its locks.
 *
 * <p>A request acquires a {@link Hold} <em>before</em> it reads from Redis. From then on, the live session that other requests use is not
 * discarded. If one of them saves a change in between, this request sees the change, even if its own reply from Redis is older.
 *
 * <p>Invariants: a slot exists as long as any request holds the session. The identity of its live session never decreases; the live
 * session of a smaller identity is superseded.
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

    /** The entry of one session, whatever its identity. */
    private static final class Slot {
        final AtomicInteger holds = new AtomicInteger();

        volatile @Nullable LiveSession live;

        /** The time at which the use was last recorded in Redis. */
        volatile long recordedAt;
    }

    /** The hold of one request on the live session; must be released exactly once. */
    final class Hold {
        private final SessionKeys sessionKeys;
        private final long since = clock.nanoTime();
        private boolean released;
        private volatile boolean recorded;

        private Hold(SessionKeys sessionKeys) {
            this.sessionKeys = sessionKeys;
        }

        SessionKeys keys() {
            return sessionKeys;
        }

        /**
         * Returns the live session that the request shares with others, or a new one.
         *
         * @param identity the identity that was read
         * @param sinceRecorded the time since the last use that Redis has
         * @param make creates a live session from the record that was read; has no other effect
         */
        LiveSession join(long identity, Duration sinceRecorded, Supplier<LiveSession> make) {
            recorded = sinceRecorded.isZero();
            long at = clock.nanoTime() - sinceRecorded.toNanos();
            LiveSession[] joined = new LiveSession[1];
            slots.compute(sessionKeys.lookup(), (lookup, slot) -> {
                Slot now = slot == null ? new Slot() : slot; // null only if the hold was released already
                LiveSession live = now.live;
                if (live == null || at - now.recordedAt > 0) {
                    now.recordedAt = at;
                }
                if (live == null || live.identity() < identity) {
                    if (live != null) {
                        live.supersede();
                    }
                    live = make.get();
                    now.live = live;
                } else if (live.identity() > identity) { // this node has changed the id after Redis replied
                    live = make.get();
                    live.supersede();
                }
                joined[0] = live;
                return now.holds.get() == 0 ? null : now;
            });
            return joined[0];
        }

        /** Returns the live session that other requests use, or null. */
        @Nullable
        LiveSession live() {
            return find(sessionKeys);
        }

        /** Replaces the live session by its fork, after the id change was stored. */
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

        /** Returns whether other requests hold the session, too. */
        boolean isShared() {
            Slot slot = slots.get(sessionKeys.lookup());
            return slot != null && slot.holds.get() > 1;
        }

        /** Returns whether the request has recorded its use in Redis. */
        boolean isUseRecorded() {
            return recorded;
        }

        /** Records that the use was just recorded in Redis. */
        void useRecorded() {
            recorded = true;
            slots.computeIfPresent(sessionKeys.lookup(), (lookup, slot) -> {
                slot.recordedAt = clock.nanoTime();
                return slot;
            });
        }

        /** Returns when the request acquired this hold, by the monotonic clock: before it read the session. */
        long since() {
            return since;
        }

        /** Returns the time since the request acquired this hold, in nanoseconds. */
        long nanosHeld() {
            return clock.nanoTime() - since;
        }

        /** Returns the time since the use was recorded in Redis, in nanoseconds. */
        long nanosSinceRecorded() {
            Slot slot = slots.get(sessionKeys.lookup());
            return slot == null ? 0 : clock.nanoTime() - slot.recordedAt;
        }

        /** Releases the hold; further calls have no effect. */
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

    /** Acquires a hold on a session, whether or not a live session exists yet. */
    Hold hold(SessionKeys sessionKeys) {
        slots.compute(sessionKeys.lookup(), (lookup, slot) -> {
            Slot now = slot;
            if (now == null) {
                now = new Slot();
                now.recordedAt = clock.nanoTime();
            }
            now.holds.incrementAndGet();
            return now;
        });
        return new Hold(sessionKeys);
    }

    /** Returns the live session with these keys, or null if no request uses it. */
    @Nullable
    LiveSession find(SessionKeys sessionKeys) {
        Slot slot = slots.get(sessionKeys.lookup());
        return slot == null ? null : slot.live;
    }

    /** Returns the live sessions whose use must be recorded again. */
    List<LiveSession> dueForRenewal() {
        long now = clock.nanoTime();
        List<LiveSession> due = new ArrayList<>();
        slots.forEach((lookup, slot) -> {
            LiveSession live = slot.live;
            if (live != null && SessionKeeper.isRenewalDue(live, now - slot.recordedAt)) {
                due.add(live);
            }
        });
        return due;
    }

    /** Records that a use of a session at a time of the {@linkplain #nanoTime clock} was recorded in Redis. */
    void useRecorded(SessionKeys sessionKeys, long at) {
        slots.computeIfPresent(sessionKeys.lookup(), (lookup, slot) -> {
            if (at - slot.recordedAt > 0) {
                slot.recordedAt = at;
            }
            return slot;
        });
    }

    /** Returns the present time of the monotonic clock. */
    long nanoTime() {
        return clock.nanoTime();
    }

    /** Returns the number of sessions in use. */
    int size() {
        return slots.size();
    }
}
