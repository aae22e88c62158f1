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
 * One run of warming from its begin to its report. Keys are tried in batches that no second's worth exceeds; a key that a
 * source fails for or has no value for may still be warmed by the next source. Belongs to one thread.
 */
final class WarmupRun {
    private static final System.Logger LOG = System.getLogger(DefaultWarmer.class.getName());
    private static final int BATCH = 100;

    private record Entry(String scope, String key) {}

    private final WarmupSink target;
    private final WarmupProgress progress;
    private final WarmupThrottle warmupThrottle;
    private final int batch;
    private final Set<Entry> missing = new HashSet<>();
    private final Set<Entry> failed = new HashSet<>();
    private long warmed;
    private long brokenSources;
    private long done;
    private long total;
    private boolean cut;

    WarmupRun(WarmupSink target, WarmupProgress progress, WarmupThrottle warmupThrottle, int rate) {
        this.target = target;
        this.progress = progress;
        this.warmupThrottle = warmupThrottle;
        this.batch = Math.min(BATCH, rate);
    }

    WarmupReport report(String scope) {
        progress.at(done, total, scope);
        boolean complete = !cut && brokenSources == 0;
        return new WarmupReport(
                scope, warmed, missing.size(), failed.size() + brokenSources, warmupThrottle.took(), complete);
    }

    /** Counts a source that cannot even say what it has. */
    void broken(WarmupSource source, Exception why) {
        brokenSources++;
        LOG.log(System.Logger.Level.WARNING, "warming {0} failed: {1}", source.scope(), reason(why));
        LOG.log(System.Logger.Level.DEBUG, "warming failed", why);
    }

    /** Tries keys, and gives those that were not warmed. */
    List<String> take(WarmupSource source, Collection<String> keys) {
        Failures failures = new Failures(source.scope());
        List<String> left = new ArrayList<>();
        total += keys.size();
        for (Iterator<String> rest = keys.iterator(); rest.hasNext(); ) {
            List<String> some = some(rest);
            if (!next(source, some.size())) {
                left.addAll(some);
                rest.forEachRemaining(left::add);
                break;
            }
            Map<String, Object> values = inBulk(source, some, failures);
            for (String key : some) {
                if (warmupThrottle.isOver()) {
                    cut = true;
                    left.add(key);
                } else {
                    if (values == null) {
                        progress.at(done, total, source.scope()); // asked one by one, a hundred may take long
                    }
                    if (!took(source, key, values, failures)) {
                        left.add(key);
                    }
                }
            }
        }
        failures.tell();
        return left;
    }

    /** Puts what a source has given in one piece. */
    void put(WarmupSource source, Map<String, Object> entries) {
        Failures failures = new Failures(source.scope());
        total += entries.size();
        for (Iterator<String> rest = entries.keySet().iterator(); rest.hasNext(); ) {
            List<String> some = some(rest);
            if (!next(source, some.size())) {
                break;
            }
            some.forEach(key -> took(source, key, entries, failures));
        }
        failures.tell();
    }

    private List<String> some(Iterator<String> rest) {
        List<String> some = new ArrayList<>(batch);
        while (some.size() < batch && rest.hasNext()) {
            some.add(rest.next());
        }
        return some;
    }

    private boolean next(WarmupSource source, int entries) {
        progress.at(done, total, source.scope());
        cut |= !warmupThrottle.spend(entries);
        return !cut;
    }

    private static @Nullable Map<String, Object> inBulk(WarmupSource source, List<String> keys, Failures failures) {
        try {
            return source.loadAll(keys);
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            failures.note(e);
            return null; // one of them may be to blame: each gets its own chance
        }
    }

    private boolean took(WarmupSource source, String key, @Nullable Map<String, Object> values, Failures failures) {
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
            if (target.put(source.scope(), key, value)) {
                warmed++;
                missing.remove(entry);
                failed.remove(entry);
                return true;
            }
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            if (Thread.currentThread().isInterrupted()) {
                cut = true; // it did not fail, it was not tried to the end
                return false;
            }
            failures.note(e);
        }
        failures.count++;
        missing.remove(entry);
        failed.add(entry);
        return false;
    }

    /** What an application's exception says may be about anybody's data; that is for those who ask for it by the log's level. */
    private static String reason(Exception why) {
        return why instanceof GatehouseException
                ? String.valueOf(why.getMessage())
                : why.getClass().getSimpleName();
    }

    /** The failures of one source, told in one line. */
    private static final class Failures {
        final String scope;
        long count;

        @Nullable
        Exception first;

        Failures(String scope) {
            this.scope = scope;
        }

        void note(Exception why) {
            if (first == null) {
                first = why;
            }
        }

        void tell() {
            if (count > 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} entries of {1} were not warmed, the first because: {2}",
                        count,
                        scope,
                        first == null ? "the cache did not take it" : reason(first));
            }
            if (first != null) {
                LOG.log(System.Logger.Level.DEBUG, "warming failed", first);
            }
        }
    }
}
