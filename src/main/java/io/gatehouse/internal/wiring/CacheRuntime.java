package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.DefaultCacheRegion;
import io.gatehouse.internal.jobs.JobRegistry;
import io.gatehouse.internal.ops.CacheOperations;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.schedule.TaskExecutor;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.warmup.DefaultWarmer;
import io.gatehouse.internal.warmup.KeyUsageTracker;
import io.gatehouse.internal.warmup.WarmupProgress;
import io.gatehouse.internal.warmup.WarmupSettings;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The cache of one application, its warm-up, and their jobs. Thread-safe. */
final class CacheRuntime implements AutoCloseable {
    /** How often a node publishes the keys that it uses most. */
    static final Duration USAGE_INTERVAL = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(CacheRuntime.class.getName());
    private static final int HOTTEST_KEYS_PER_REGION = 1000;
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    private final TaskExecutor taskExecutor;
    private final WarmupSettings settings;
    private final @Nullable JsonMapper json;
    private final DefaultCacheManager cache;
    private final KeyUsageTracker usage;
    private final WarmStart warmStart;
    private volatile @Nullable DefaultWarmer warmer;

    /**
     * Joins the cache to the other nodes.
     *
     * @param components components with an enabled cache
     * @param taskExecutor runs the warm-up; it is closed with this object
     * @param registry receives the jobs of the cache
     */
    CacheRuntime(Components components, TaskExecutor taskExecutor, JobRegistry registry) {
        this.taskExecutor = taskExecutor;
        this.settings = components.settings().warming();
        this.json = components.json().orElse(null);
        this.cache = components.cache().orElseThrow();
        SessionSettings names = components.settings().session();
        this.usage = new KeyUsageTracker(components.redis(), names.keyPrefix(), names.application());
        this.warmStart =
                new WarmStart(this::loadHottestKeys, settings.beforeReady(), settings.deadline(), System::nanoTime);
        register(registry);
        taskExecutor.every(DefaultCacheManager.HEARTBEAT_INTERVAL, cache::heartbeat);
    }

    /** Returns whether the warm-up no longer keeps the node from being ready. */
    boolean isWarm() {
        return warmStart.isComplete();
    }

    DefaultCacheManager cache() {
        return cache;
    }

    DefaultWarmer warmer() {
        DefaultWarmer ready = warmer;
        if (ready == null) {
            throw new IllegalStateException("the application has not started yet");
        }
        return ready;
    }

    private void register(JobRegistry registry) {
        Duration timeout = settings.deadline().plusMinutes(10); // sources may answer slowly
        JobOptions options = JobOptions.DEFAULT.withTimeout(timeout.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : timeout);
        registry.registerBuiltIn(JobOperations.WARM_USERS, warming(WarmupSource.USER), options);
        registry.registerBuiltIn(JobOperations.WARM_OAUTH, warming(WarmupSource.OAUTH), options);
        registry.registerBuiltIn(JobOperations.WARM_ROLES, warming(WarmupSource.ROLES), options);
        registry.registerBuiltIn(
                JobOperations.WARM_ALL,
                context -> {
                    String scope = context.argument(CacheOperations.SCOPE, "");
                    return scope.isEmpty()
                            ? resultUnlessCancelled(context, warmer().warmAll(progress(context)))
                            : warming(knownScope(scope)).run(context);
                },
                options);
        registry.registerBuiltIn(JobOperations.INVALIDATE_USER_CACHE, this::invalidate, JobOptions.DEFAULT);
    }

    private JobResult invalidate(JobContext context) {
        String user = context.argument("user", "");
        if (user.isEmpty()) {
            throw new IllegalArgumentException("The argument user is missing; expected the id of a user");
        }
        long removed = cache.invalidator().invalidateUserCache(user).entries();
        return new JobResult(removed, 0, 0, removed, true, removed + " entries invalidated");
    }

    /** Starts the warm-up. The caller's thread must have access to JNDI names and beans of the application. */
    void start() {
        DefaultWarmer ready = new DefaultWarmer(
                WarmupSources.of(settings, json),
                (region, key, value) -> {
                    cache.region(region).put(key, value);
                    return true;
                },
                usage::hottest,
                settings,
                taskExecutor);
        warmer = ready;
        cache.warmBy(ready);
        taskExecutor.execute(warmStart);
    }

    /** Adds the publication of key usage to the schedule. */
    void schedule(TaskSchedule taskSchedule) {
        taskSchedule.every(USAGE_INTERVAL, "publishing key usage", this::publishUsage);
    }

    /** Loads the entries that all nodes use most from Redis into the process, so that a new node starts warm. */
    private void loadHottestKeys(BooleanSupplier timeUp) {
        int found = 0;
        try {
            for (DefaultCacheRegion region : cache.allRegions()) {
                for (String key : usage.hottest(region.settings().name(), HOTTEST_KEYS_PER_REGION)) {
                    if (timeUp.getAsBoolean()) {
                        return;
                    }
                    Optional<Object> value = region.get(key);
                    found += value.isPresent() ? 1 : 0;
                }
            }
        } catch (GatehouseException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the cache starts cold, because the key usage could not be read: {0}",
                    e.getMessage());
        }
        LOG.log(System.Logger.Level.DEBUG, "loaded {0} cache entries from Redis", found);
    }

    /** Publishes the keys that this node uses most. */
    void publishUsage() {
        for (DefaultCacheRegion region : cache.allRegions()) {
            region.hottest(HOTTEST_KEYS_PER_REGION)
                    .forEach(key -> usage.used(region.settings().name(), key));
        }
        usage.publish();
    }

    private String knownScope(String scope) {
        Set<String> known = warmer().scopes();
        if (!known.contains(scope)) {
            throw new IllegalArgumentException("no warmup source has the scope '" + scope + "'; expected "
                    + (known.isEmpty()
                            ? "a source with it, but the application has no source"
                            : "one of " + String.join(", ", known)));
        }
        return scope;
    }

    private JobHandler warming(String scope) {
        return context -> {
            DefaultWarmer warmer = warmer();
            List<String> given = keys(context);
            return resultUnlessCancelled(
                    context,
                    given.isEmpty()
                            ? warmer.warm(scope, progress(context))
                            : warmer.warm(scope, given, progress(context)));
        };
    }

    /** Returns the argument {@code keys}: a list, or a text with commas as in earlier versions. */
    private static List<String> keys(JobContext context) {
        if (!(context.arguments().get("keys") instanceof String text)) {
            return context.texts("keys");
        }
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
    }

    private static WarmupProgress progress(JobContext context) {
        return (done, total, what) -> {
            context.progress(done, total, what);
            context.checkCancelled();
        };
    }

    /**
     * Returns the result of a run.
     *
     * @throws io.gatehouse.jobs.JobCancelledException if the run is incomplete because it was cancelled
     */
    private static JobResult resultUnlessCancelled(JobContext context, WarmupReport report) {
        if (!report.complete()) {
            context.checkCancelled();
        }
        return result(report);
    }

    private static JobResult result(WarmupReport report) {
        long tried = report.warmed() + report.missing() + report.failed();
        return new JobResult(
                report.warmed(),
                report.failed(),
                report.missing(),
                report.complete() ? tried : 0,
                report.complete(),
                report.warmed() + " warmed, " + report.missing() + " without a value, " + report.failed() + " failed"
                        + (report.complete() ? "" : ", not complete"));
    }

    /** Closes the executor last, because acknowledging invalidations needs it. Jobs must have been stopped before. */
    @Override
    public void close() {
        cache.close();
        taskExecutor.close();
    }
}
