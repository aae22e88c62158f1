package io.gatehouse.internal.springsession;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts imports of sessions of Spring Session on this node. Thread-safe. */
public final class ImportCounters {
    private final Map<ImportOutcome, Long> counts = new ConcurrentHashMap<>();
    private final LongAdder attributesLeftOut = new LongAdder();

    void count(ImportOutcome outcome) {
        counts.merge(outcome, 1L, Long::sum);
    }

    void countAttributeLeftOut() {
        attributesLeftOut.increment();
    }

    /** Returns how many requests had an outcome since this node started. */
    public long of(ImportOutcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** Returns how many attributes of imported sessions could not be read or stored since this node started. */
    public long attributesLeftOut() {
        return attributesLeftOut.sum();
    }
}
