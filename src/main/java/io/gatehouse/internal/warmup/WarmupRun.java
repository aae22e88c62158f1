package io.gatehouse.internal.warmup;

import io.gatehouse.GatehouseException;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One warmup run, from its start to its report. Keys are loaded in batches no larger than the number of entries allowed in one
 * second. A key that a source does not have, or fails to load, may still be warmed by the next source of the scope. Not
 * thread-safe.
 */
final class WarmupRun {
    private static final System.Logger LOG = System.getLogger(DefaultWarmer.class.getName());
    private static final int MAX_BATCH = 100;

    private record Entry(String scope, String key) {}

    private final WarmupSink sink;
    private final WarmupProgress progress;
    private final WarmupThrottle throttle;
    private final int batchSize;
    private final Set<Entry> missing = new HashSet<>();
    private final Set<Entry> failed = new HashSet<>();
    private long warmed;
    private long failedSources;
    private long done;
    private long total;
    private boolean stopped;

    WarmupRun(WarmupSink sink, WarmupProgress progress, WarmupThrottle throttle, int rate) {
        this.sink = sink;
        this.progress = progress;
        this.throttle = throttle;
        this.batchSize = Math.min(MAX_BATCH, rate);
    }

    WarmupReport report(String scope) {
        progress.at(done, total, scope);
        boolean complete = !stopped && failedSources == 0;
        return new WarmupReport(
                scope, warmed, missing.size(), failed.size() + failedSources, throttle.took(), complete);
    }

    /** Records a source that failed as a whole. */
    void sourceFailed(WarmupSource source, Exception why) {
        failedSources++;
        LOG.log(System.Logger.Level.WARNING, "Warmup of {0} failed: {1}", source.scope(), reason(why));
        LOG.log(System.Logger.Level.DEBUG, "Warmup failed", why);
    }

    /** Loads keys from a source; returns those that were not warmed. */
    List<String> warm(WarmupSource source, Collection<String> keys) {
        Failures failures = new Failures(source.scope());
        List<String> left = new ArrayList<>();
        total += keys.size();
        for (Iterator<String> rest = keys.iterator(); rest.hasNext(); ) {
            List<String> batch = nextBatch(rest);
            if (!startBatch(source, batch.size())) {
                left.addAll(batch);
                rest.forEachRemaining(left::add);
                break;
            }
            Map<String, Object> values = loadBatch(source, batch, failures);
            for (String key : batch) {
                if (throttle.isExpired()) {
                    stopped = true;
                    left.add(key);
                } else {
                    if (values == null) {
                        progress.at(done, total, source.scope()); // loaded one by one, a batch may take long
                    }
                    if (!warmOne(source, key, values, failures)) {
                        left.add(key);
                    }
                }
            }
        }
        failures.log();
        return left;
    }

    /** Caches entries that a source has loaded all at once. */
    void put(WarmupSource source, Map<String, Object> entries) {
        Failures failures = new Failures(source.scope());
        total += entries.size();
        for (Iterator<String> rest = entries.keySet().iterator(); rest.hasNext(); ) {
            List<String> batch = nextBatch(rest);
            if (!startBatch(source, batch.size())) {
                break;
            }
            batch.forEach(key -> warmOne(source, key, entries, failures));
        }
        failures.log();
    }

    private List<String> nextBatch(Iterator<String> rest) {
        List<String> batch = new ArrayList<>(batchSize);
        while (batch.size() < batchSize && rest.hasNext()) {
            batch.add(rest.next());
        }
        return batch;
    }

    private boolean startBatch(WarmupSource source, int entries) {
        progress.at(done, total, source.scope());
        stopped |= !throttle.acquire(entries);
        return !stopped;
    }

    private static @Nullable Map<String, Object> loadBatch(WarmupSource source, List<String> keys, Failures failures) {
        try {
            return source.loadAll(keys);
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            failures.record(e);
            return null; // one key may be the cause, so each is loaded by itself
        }
    }

    private boolean warmOne(WarmupSource source, String key, @Nullable Map<String, Object> values, Failures failures) {
        Entry entry = new Entry(source.scope(), key);
        done++;
        try {
            Object value = values == null ? source.load(key) : values.get(key);
            if (value == null) {
                if (!failed.contains(entry)) {
                    missing.add(entry);
                }
                return false;
            }
            if (sink.put(source.scope(), key, value)) {
                warmed++;
                missing.remove(entry);
                failed.remove(entry);
                return true;
            }
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            if (Thread.currentThread().isInterrupted()) {
                stopped = true; // the key did not fail, its load was interrupted
                return false;
            }
            failures.record(e);
        }
        failures.count++;
        missing.remove(entry);
        failed.add(entry);
        return false;
    }

    /** Returns a reason without the message of an application exception, which may contain personal data; DEBUG logs have it. */
    private static String reason(Exception why) {
        return why instanceof GatehouseException
                ? String.valueOf(why.getMessage())
                : why.getClass().getSimpleName();
    }

    /** The failures of one source, which are logged in one line. */
    private static final class Failures {
        final String scope;
        long count;

        @Nullable
        Exception first;

        Failures(String scope) {
            this.scope = scope;
        }

        void record(Exception why) {
            if (first == null) {
                first = why;
            }
        }

        void log() {
            if (count > 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} entries of {1} were not warmed, the first because of: {2}",
                        count,
                        scope,
                        first == null ? "the cache did not store it" : reason(first));
            }
            if (first != null) {
                LOG.log(System.Logger.Level.DEBUG, "Warmup failed", first);
            }
        }
    }
}
