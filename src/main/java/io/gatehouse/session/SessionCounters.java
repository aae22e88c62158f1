package io.gatehouse.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each {@link SessionEvent} has happened on this node since it started. Safe for use by several threads. */
public final class SessionCounters {
    private static final System.Logger LOG = System.getLogger(SessionCounters.class.getName());

    private final Map<SessionEvent, LongAdder> counts = new EnumMap<>(SessionEvent.class);

    SessionCounters() {
        for (SessionEvent event : SessionEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(SessionEvent event) {
        adder(event).increment();
    }

    /** Counts why a session was not accepted and logs it by its handle; loudly if somebody has tampered with it. */
    void countRejected(Location location, SessionEvent reason) {
        count(reason);
        boolean attack = reason == SessionEvent.RECORD_FORGED || reason == SessionEvent.RECORD_MALFORMED;
        LOG.log(
                attack ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                "{0} is not accepted: {1}",
                location,
                reason.label());
    }

    public long of(SessionEvent event) {
        return adder(event).sum();
    }

    private LongAdder adder(SessionEvent event) {
        LongAdder adder = counts.get(event);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + event);
        }
        return adder;
    }
}
