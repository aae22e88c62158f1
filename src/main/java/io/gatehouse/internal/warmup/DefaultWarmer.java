package io.gatehouse.internal.warmup;

import io.gatehouse.warmup.Warmer;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The default {@link Warmer}. It warms the most used keys first, at the configured rate, and stops at the deadline. A failure is
 * counted and does not stop the run. Thread-safe; concurrent runs are independent of each other.
 */
public final class DefaultWarmer implements Warmer {
    private static final System.Logger LOG = System.getLogger(DefaultWarmer.class.getName());
    private static final String ALL = "all";

    private final List<WarmupSource> sources;
    private final WarmupSink sink;
    private final BiFunction<String, Integer, List<String>> hottest;
    private final WarmupSettings settings;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final WarmupThrottle.Sleeper sleeper;

    /**
     * Creates a warmer.
     *
     * @param sources the sources; those of one scope are used in this order
     * @param hottest returns the most used keys of a region, up to a number: {@link KeyUsageTracker#hottest}
     * @param executor runs the asynchronous methods
     */
    public DefaultWarmer(
            Collection<WarmupSource> sources,
            WarmupSink sink,
            BiFunction<String, Integer, List<String>> hottest,
            WarmupSettings settings,
            Executor executor) {
        this(sources, sink, hottest, settings, executor, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    DefaultWarmer(
            Collection<WarmupSource> sources,
            WarmupSink sink,
            BiFunction<String, Integer, List<String>> hottest,
            WarmupSettings settings,
            Executor executor,
            LongSupplier nanoTime,
            WarmupThrottle.Sleeper sleeper) {
        this.sources = List.copyOf(sources);
        this.sink = sink;
        this.hottest = hottest;
        this.settings = settings;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    @Override
    public WarmupReport warmUserData(Collection<String> ids) {
        return warm(WarmupSource.USER, ids, WarmupProgress.NONE);
    }

    @Override
    public WarmupReport warmOauthProviders() {
        return warm(WarmupSource.OAUTH, WarmupProgress.NONE);
    }

    @Override
    public WarmupReport warmRoles() {
        return warm(WarmupSource.ROLES, WarmupProgress.NONE);
    }

    @Override
    public WarmupReport warmAll() {
        return warmAll(WarmupProgress.NONE);
    }

    /** Warms every scope of every source, and reports progress. */
    public WarmupReport warmAll(WarmupProgress progress) {
        WarmupRun run = newRun(progress);
        scopes().forEach(scope -> warmScope(run, scope));
        return run.report(ALL);
    }

    /** Returns the scopes of all sources, in the order of the sources. */
    public Set<String> scopes() {
        Set<String> scopes = new LinkedHashSet<>();
        sources.forEach(source -> scopes.add(source.scope()));
        return scopes;
    }

    @Override
    public WarmupReport warmMostUsed(String region) {
        return warm(region, hottest(region), WarmupProgress.NONE);
    }

    /** Warms a scope, the most used keys first, and reports progress. */
    public WarmupReport warm(String scope, WarmupProgress progress) {
        WarmupRun run = newRun(progress);
        warmScope(run, scope);
        return run.report(scope);
    }

    /** Warms some keys of a scope, and reports progress. */
    public WarmupReport warm(String scope, Collection<String> keys, WarmupProgress progress) {
        WarmupRun run = newRun(progress);
        warmKeys(run, scope, new LinkedHashSet<>(keys));
        return run.report(scope);
    }

    @Override
    public CompletableFuture<WarmupReport> warmUserDataAsync(Collection<String> ids) {
        List<String> copy = List.copyOf(ids);
        return runAsync(() -> warmUserData(copy));
    }

    @Override
    public CompletableFuture<WarmupReport> warmOauthProvidersAsync() {
        return runAsync(this::warmOauthProviders);
    }

    @Override
    public CompletableFuture<WarmupReport> warmRolesAsync() {
        return runAsync(this::warmRoles);
    }

    @Override
    public CompletableFuture<WarmupReport> warmAllAsync() {
        return runAsync(this::warmAll);
    }

    @Override
    public CompletableFuture<WarmupReport> warmMostUsedAsync(String region) {
        return runAsync(() -> warmMostUsed(region));
    }

    private CompletableFuture<WarmupReport> runAsync(Supplier<WarmupReport> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new WarmupException("Did not start the warmup: the application stops, or all threads are busy", e));
        }
    }

    private WarmupRun newRun(WarmupProgress progress) {
        WarmupThrottle throttle = new WarmupThrottle(nanoTime, sleeper, settings.rate(), settings.deadline());
        return new WarmupRun(sink, progress, throttle, settings.rate());
    }

    private List<WarmupSource> sourcesOf(String scope) {
        return sources.stream().filter(source -> source.scope().equals(scope)).toList();
    }

    private void warmKeys(WarmupRun run, String scope, Collection<String> keys) {
        Collection<String> remaining = keys;
        for (WarmupSource source : sourcesOf(scope)) {
            remaining = run.warm(source, remaining);
        }
    }

    /**
     * Warms a scope. A source that can load everything at once does so, ordered by use. The most used keys that are still open are
     * then loaded from the other sources one after the other; at last, each of these loads its own keys.
     */
    private void warmScope(WarmupRun run, String scope) {
        List<WarmupSource> byKey = new ArrayList<>();
        Set<String> mostUsed = sourcesOf(scope).isEmpty() ? Set.of() : new LinkedHashSet<>(hottest(scope));
        for (WarmupSource source : sourcesOf(scope)) {
            Map<String, Object> everything;
            try {
                everything = source.loadEverything();
            } catch (Exception e) { // whatever an application throws
                WarmupThrottle.keepInterrupt(e);
                run.sourceFailed(source, e);
                continue;
            }
            if (everything == null) {
                byKey.add(source);
            } else {
                run.put(source, ordered(everything, mostUsed));
                mostUsed.removeAll(everything.keySet());
            }
        }
        Collection<String> remaining = mostUsed;
        for (WarmupSource source : byKey) {
            remaining = run.warm(source, remaining);
        }
        for (WarmupSource source : byKey) {
            warmOwnKeys(run, source, mostUsed);
        }
    }

    private void warmOwnKeys(WarmupRun run, WarmupSource source, Set<String> done) {
        List<String> keys;
        try (Stream<String> own = source.keys()) {
            keys = own.filter(key -> !done.contains(key))
                    .limit(settings.maxRows())
                    .toList();
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            run.sourceFailed(source, e);
            return;
        }
        run.warm(source, keys);
    }

    private static Map<String, Object> ordered(Map<String, Object> entries, Set<String> first) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (String key : first) {
            Object value = entries.get(key);
            if (value != null) {
                ordered.put(key, value);
            }
        }
        entries.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /** Returns the most used keys; none if Redis is unavailable, so that the sources determine the order. */
    private List<String> hottest(String scope) {
        try {
            return hottest.apply(scope, settings.maxRows());
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Could not read the most used keys of {0}: {1}",
                    scope,
                    e.getMessage());
            return List.of();
        }
    }
}
