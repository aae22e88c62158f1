package io.gatehouse.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each {@link SessionEvent} has happened on this node since it started. Safe for use by several threads. */
public final class SessionCounters {
    private final Map<SessionEvent, LongAdder> counts = new EnumMap<>(SessionEvent.class);

    SessionCounters() {
        for (SessionEvent event : SessionEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(SessionEvent event) {
        adder(event).increment();
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
