package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.DefaultCacheRegion;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.jobs.JobRunner;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ops.CacheOperations;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.NodeJobsView;
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
import io.gatehouse.jobs.JobResult;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The cache of one application, its warm-up, and the job runner of this node. Thread-safe. */
final class CacheRuntime implements AutoCloseable {
    /** How often a node publishes the keys that it uses most. */
    static final Duration USAGE_INTERVAL = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(CacheRuntime.class.getName());
    private static final int HOTTEST_KEYS_PER_REGION = 1000;

    private final TaskExecutor taskExecutor;
    private final WarmupSettings settings;
    private final @Nullable JsonMapper json;
    private final DefaultCacheManager cache;
    private final KeyUsageTracker usage;
    private final RedisJobs jobs;
    private final JobRunner runner;
    private final IntSupplier sessionCleanup;
    private final WarmStart warmStart;

    /**
     * Joins the cache to the other nodes.
     *
     * @param components components with an enabled cache
     * @param taskExecutor runs warm-up and jobs; it is closed with this object
     */
    CacheRuntime(Components components, TaskExecutor taskExecutor, JobObserver observer) {
        this.taskExecutor = taskExecutor;
        this.settings = components.settings().warming();
        this.json = components.json().orElse(null);
        this.sessionCleanup = components.sessions().manager()::cleanupExpiredSessions;
        this.cache = components.cache().orElseThrow();
        SessionSettings names = components.settings().session();
        this.usage = new KeyUsageTracker(components.redis(), names.keyPrefix(), names.application());
        this.jobs = components.jobs().orElseThrow();
        this.runner = new JobRunner(jobs, taskExecutor, observer);
        this.warmStart =
                new WarmStart(this::loadHottestKeys, settings.beforeReady(), settings.deadline(), System::nanoTime);
        taskExecutor.every(DefaultCacheManager.HEARTBEAT_INTERVAL, cache::heartbeat);
    }

    /** Returns whether the warm-up no longer keeps the node from being ready. */
    boolean isWarm() {
        return warmStart.isComplete();
    }

    DefaultCacheManager cache() {
        return cache;
    }

    RedisJobs jobs() {
        return jobs;
    }

    /** Returns the jobs that run on this node. */
    NodeJobsView nodeJobs() {
        return new NodeJobsView(runner.running());
    }

    /** Starts warm-up and jobs. The caller's thread must have access to JNDI names and beans of the application. */
    void start() {
        taskExecutor.open();
        DefaultWarmer ready = new DefaultWarmer(
                WarmupSources.of(settings, json),
                (region, key, value) -> {
                    cache.region(region).put(key, value);
                    return true;
                },
                usage::hottest,
                settings,
                taskExecutor);
        cache.warmBy(ready);
        runner.register(JobOperations.WARM_USERS, warming(WarmupSource.USER, ready));
        runner.register(JobOperations.WARM_OAUTH, warming(WarmupSource.OAUTH, ready));
        runner.register(JobOperations.WARM_ROLES, warming(WarmupSource.ROLES, ready));
        runner.register(JobOperations.WARM_ALL, context -> {
            String scope = context.argument(CacheOperations.SCOPE, "");
            return scope.isEmpty()
                    ? resultUnlessCancelled(context, ready.warmAll(progress(context)))
                    : warming(knownScope(scope, ready), ready).run(context);
        });
        runner.register(JobOperations.CLEAN_UP_SESSIONS, context -> removed(sessionCleanup.getAsInt()));
        runner.start();
        taskExecutor.execute(warmStart);
    }

    /**
     * Adds the periodic jobs and the publication of key usage to the schedule.
     *
     * @param every the interval of each job, by its name
     */
    void schedule(TaskSchedule taskSchedule, Map<String, Duration> every) {
        every.forEach((job, interval) ->
                taskSchedule.every(interval, "submitting " + job, () -> jobs.submitOnce(job, interval)));
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

    private static String knownScope(String scope, DefaultWarmer warmer) {
        if (!warmer.scopes().contains(scope)) {
            throw new IllegalArgumentException("no warmup source has the scope '" + scope + "'; expected "
                    + (warmer.scopes().isEmpty()
                            ? "a source with it, but the application has no source"
                            : "one of " + String.join(", ", warmer.scopes())));
        }
        return scope;
    }

    private static JobHandler warming(String scope, DefaultWarmer warmer) {
        return context -> {
            String keys = context.argument("keys", "");
            List<String> given = Arrays.stream(keys.split(",", -1))
                    .map(String::strip)
                    .filter(key -> !key.isEmpty())
                    .toList();
            return resultUnlessCancelled(
                    context,
                    given.isEmpty()
                            ? warmer.warm(scope, progress(context))
                            : warmer.warm(scope, given, progress(context)));
        };
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

    private static JobResult removed(int sessions) {
        return new JobResult(sessions, 0, 0, sessions, true, sessions + " sessions removed");
    }

    /** Waits for the threads of the jobs to end after {@link #close}, and returns whether they have. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return runner.awaitEnd(timeout);
    }

    /**
     * Closes in an order that keeps the executor until last: releasing job runs and acknowledging invalidations both need it.
     */
    @Override
    public void close() {
        runner.close();
        cache.close();
        taskExecutor.close();
    }
}
