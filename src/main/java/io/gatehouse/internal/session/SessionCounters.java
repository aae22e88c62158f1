package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.EndReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the {@linkplain SessionEvent events} and the ends of sessions on this node since its start. Thread-safe. */
public final class SessionCounters {
    private static final System.Logger LOG = System.getLogger(SessionCounters.class.getName());

    private final Map<SessionEvent, LongAdder> counts = new EnumMap<>(SessionEvent.class);
    private final Map<EndReason, LongAdder> ends = new EnumMap<>(EndReason.class);

    SessionCounters() {
        for (SessionEvent event : SessionEvent.values()) {
            counts.put(event, new LongAdder());
        }
        for (EndReason reason : EndReason.values()) {
            ends.put(reason, new LongAdder());
        }
    }

    void count(SessionEvent event) {
        adder(counts, event).increment();
    }

    /** Counts the end of a session whose listeners this node notifies. Ignores a session that was never stored. */
    void countEnd(Session session, EndReason reason) {
        if (session.live().revisionTag() != null) {
            adder(ends, reason).increment();
        }
    }

    /** Counts and logs the reason why a session was rejected; logs a warning if the reason suggests an attack. */
    void countRejected(SessionKeys sessionKeys, SessionEvent reason) {
        count(reason);
        boolean attack = reason == SessionEvent.RECORD_FORGED
                || reason == SessionEvent.RECORD_MALFORMED
                || reason == SessionEvent.TOKEN_REUSED
                || reason == SessionEvent.RECORD_TOO_LARGE;
        LOG.log(
                attack ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                "Rejected {0}: {1}",
                sessionKeys,
                reason.label());
    }

    /** Returns how often an event has happened. */
    public long of(SessionEvent event) {
        return adder(counts, event).sum();
    }

    /** Returns the number of ends for a reason whose listeners this node has notified; each end is counted on one node. */
    public long ended(EndReason reason) {
        return adder(ends, reason).sum();
    }

    private static <E> LongAdder adder(Map<E, LongAdder> adders, E which) {
        LongAdder adder = adders.get(which);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + which);
        }
        return adder;
    }
}
