package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.EndReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each {@link SessionEvent} has happened on this node since it started. Safe for use by several threads. */
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

    /** Counts the end of a session that this node is the one to tell of; one that was never stored has not been created. */
    void countEnd(Session session, EndReason reason) {
        if (session.live().isStored()) {
            adder(ends, reason).increment();
        }
    }

    /** Counts why a session was not accepted and logs it by its handle; loudly if somebody has tampered with it. */
    void countRejected(SessionKeys sessionKeys, SessionEvent reason) {
        count(reason);
        boolean attack = reason == SessionEvent.RECORD_FORGED
                || reason == SessionEvent.RECORD_MALFORMED
                || reason == SessionEvent.TOKEN_REUSED
                || reason == SessionEvent.RECORD_TOO_LARGE;
        LOG.log(
                attack ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                "{0} is not accepted: {1}",
                sessionKeys,
                reason.label());
    }

    public long of(SessionEvent event) {
        return adder(counts, event).sum();
    }

    /** How many stored sessions ended for a reason, as told by this node; of each end one node tells. */
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
