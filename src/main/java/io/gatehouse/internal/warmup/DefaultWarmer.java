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
 * Fills the cache from its sources before somebody asks. Keys that are used most come first, no faster than the settings say,
 * and a run stops when its time is up; what fails is counted and the rest goes on. Safe for use by several threads; two runs at
 * the same time do not know of each other.
 */
public final class DefaultWarmer implements Warmer {
    private static final System.Logger LOG = System.getLogger(DefaultWarmer.class.getName());
    private static final String ALL = "all";

    private final List<WarmupSource> sources;
    private final WarmupSink target;
    private final BiFunction<String, Integer, List<String>> hottest;
    private final WarmupSettings settings;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final WarmupThrottle.Sleeper sleeper;

    /**
     * A warmer of these sources; of two for one scope the first is asked first.
     *
     * @param hottest the most used keys of a region, at most so many: {@link KeyUsageTracker#hottest}
     * @param executor where the variants that do not wait run
     */
    public DefaultWarmer(
            Collection<WarmupSource> sources,
            WarmupSink target,
            BiFunction<String, Integer, List<String>> hottest,
            WarmupSettings settings,
            Executor executor) {
        this(sources, target, hottest, settings, executor, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    DefaultWarmer(
            Collection<WarmupSource> sources,
            WarmupSink target,
            BiFunction<String, Integer, List<String>> hottest,
            WarmupSettings settings,
            Executor executor,
            LongSupplier nanoTime,
            WarmupThrottle.Sleeper sleeper) {
        this.sources = List.copyOf(sources);
        this.target = target;
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

    /** Warms what every source has, and tells how far it is. */
    public WarmupReport warmAll(WarmupProgress progress) {
        WarmupRun warmupRun = run(progress);
        Set<String> scopes = new LinkedHashSet<>();
        sources.forEach(source -> scopes.add(source.scope()));
        scopes.forEach(scope -> takeAll(warmupRun, scope));
        return warmupRun.report(ALL);
    }

    @Override
    public WarmupReport warmMostUsed(String region) {
        return warm(region, hottest(region), WarmupProgress.NONE);
    }

    /** Warms what the sources of a scope have, the most used first, and tells how far it is. */
    public WarmupReport warm(String scope, WarmupProgress progress) {
        WarmupRun warmupRun = run(progress);
        takeAll(warmupRun, scope);
        return warmupRun.report(scope);
    }

    /** Warms some keys of a scope, and tells how far it is. */
    public WarmupReport warm(String scope, Collection<String> keys, WarmupProgress progress) {
        WarmupRun warmupRun = run(progress);
        take(warmupRun, scope, new LinkedHashSet<>(keys));
        return warmupRun.report(scope);
    }

    @Override
    public CompletableFuture<WarmupReport> warmUserDataAsync(Collection<String> ids) {
        List<String> these = List.copyOf(ids);
        return later(() -> warmUserData(these));
    }

    @Override
    public CompletableFuture<WarmupReport> warmOauthProvidersAsync() {
        return later(this::warmOauthProviders);
    }

    @Override
    public CompletableFuture<WarmupReport> warmRolesAsync() {
        return later(this::warmRoles);
    }

    @Override
    public CompletableFuture<WarmupReport> warmAllAsync() {
        return later(this::warmAll);
    }

    @Override
    public CompletableFuture<WarmupReport> warmMostUsedAsync(String region) {
        return later(() -> warmMostUsed(region));
    }

    private CompletableFuture<WarmupReport> later(Supplier<WarmupReport> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new WarmupException("warming was not begun: the application stops, or all workers are busy", e));
        }
    }

    private WarmupRun run(WarmupProgress progress) {
        WarmupThrottle warmupThrottle = new WarmupThrottle(nanoTime, sleeper, settings.rate(), settings.deadline());
        return new WarmupRun(target, progress, warmupThrottle, settings.rate());
    }

    private List<WarmupSource> of(String scope) {
        return sources.stream().filter(source -> source.scope().equals(scope)).toList();
    }

    private void take(WarmupRun warmupRun, String scope, Collection<String> keys) {
        Collection<String> open = keys;
        for (WarmupSource source : of(scope)) {
            open = warmupRun.take(source, open);
        }
    }

    /** Most used first, from whoever has them; then what else each source has. */
    private void takeAll(WarmupRun warmupRun, String scope) {
        List<WarmupSource> asked = new ArrayList<>();
        Set<String> mostUsed = of(scope).isEmpty() ? Set.of() : new LinkedHashSet<>(hottest(scope));
        for (WarmupSource source : of(scope)) {
            Map<String, Object> everything;
            try {
                everything = source.everything();
            } catch (Exception e) { // whatever an application throws
                WarmupThrottle.keepInterrupt(e);
                warmupRun.broken(source, e);
                continue;
            }
            if (everything == null) {
                asked.add(source);
            } else {
                warmupRun.put(source, ordered(everything, mostUsed));
                mostUsed.removeAll(everything.keySet());
            }
        }
        Collection<String> open = mostUsed;
        for (WarmupSource source : asked) {
            open = warmupRun.take(source, open);
        }
        for (WarmupSource source : asked) {
            takeOwn(warmupRun, source, mostUsed);
        }
    }

    private void takeOwn(WarmupRun warmupRun, WarmupSource source, Set<String> done) {
        List<String> keys;
        try (Stream<String> own = source.keys()) {
            keys = own.filter(key -> !done.contains(key))
                    .limit(settings.maxRows())
                    .toList();
        } catch (Exception e) { // whatever an application throws
            WarmupThrottle.keepInterrupt(e);
            warmupRun.broken(source, e);
            return;
        }
        warmupRun.take(source, keys);
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

    /** None if Redis is away: then what the sources have is warmed in their order. */
    private List<String> hottest(String scope) {
        try {
            return hottest.apply(scope, settings.maxRows());
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "it is not known which keys of {0} are used most: {1}",
                    scope,
                    e.getMessage());
            return List.of();
        }
    }
}
