package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.DefaultCacheRegion;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.jobs.JobRunner;
import io.gatehouse.internal.jobs.RedisJobs;
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

/** The cache of one application, what warms it, and the jobs that run on one node at a time. */
final class CacheRuntime implements AutoCloseable {
    /** How often it is told which keys are used most. */
    static final Duration USAGE_INTERVAL = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(CacheRuntime.class.getName());
    private static final int HOTTEST = 1000;

    private final TaskExecutor taskExecutor;
    private final WarmupSettings settings;
    private final @Nullable JsonMapper json;
    private final DefaultCacheManager cache;
    private final KeyUsageTracker usage;
    private final RedisJobs jobs;
    private final JobRunner runner;
    private final IntSupplier sessionCleanUp;
    private final WarmStart start;
    private volatile @Nullable DefaultWarmer warmer;

    /** Over capabilities that have a cache; the workers are closed with this. */
    CacheRuntime(Components components, TaskExecutor taskExecutor, JobObserver observer) {
        this.taskExecutor = taskExecutor;
        this.settings = components.settings().warming();
        this.json = components.json().orElse(null);
        this.sessionCleanUp = components.sessions().manager()::cleanupExpiredSessions;
        this.cache = components.cache().orElseThrow();
        SessionSettings names = components.settings().session();
        this.usage = new KeyUsageTracker(components.redis(), names.keyPrefix(), names.application());
        this.jobs = components.jobs().orElseThrow();
        this.runner = new JobRunner(jobs, taskExecutor, observer);
        this.start =
                new WarmStart(this::takeOverTheMostUsed, settings.beforeReady(), settings.deadline(), System::nanoTime);
        taskExecutor.every(DefaultCacheManager.HEARTBEAT_INTERVAL, cache::heartbeat);
    }

    /** Whether warming keeps the node from being ready no more. */
    boolean isWarm() {
        return start.isOver();
    }

    DefaultCacheManager cache() {
        return cache;
    }

    RedisJobs jobs() {
        return jobs;
    }

    /** The jobs of this node. */
    NodeJobsView runs() {
        return new NodeJobsView(runner.running());
    }

    DefaultWarmer warmer() {
        DefaultWarmer ready = warmer;
        if (ready == null) {
            throw new IllegalStateException("the application is not started yet");
        }
        return ready;
    }

    /** To be called where the server's names and the application's beans can be looked up. */
    void begin() {
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
        warmer = ready;
        runner.register(JobOperations.WARM_USERS, warming(WarmupSource.USER, ready));
        runner.register(JobOperations.WARM_OAUTH, warming(WarmupSource.OAUTH, ready));
        runner.register(JobOperations.WARM_ROLES, warming(WarmupSource.ROLES, ready));
        runner.register(JobOperations.WARM_ALL, context -> ended(context, ready.warmAll(progress(context))));
        runner.register(JobOperations.CLEAN_UP_SESSIONS, context -> removed(sessionCleanUp.getAsInt()));
        runner.start();
        taskExecutor.execute(start);
    }

    /** @param every how often to submit each job */
    void schedule(TaskSchedule taskSchedule, Map<String, Duration> every) {
        every.forEach((job, interval) ->
                taskSchedule.every(interval, "submitting " + job, () -> jobs.submitOnce(job, interval)));
        taskSchedule.every(USAGE_INTERVAL, "telling what is used most", this::publishUsage);
    }

    /** A new node begins with what all others use most, from Redis. */
    private void takeOverTheMostUsed(BooleanSupplier timeUp) {
        int found = 0;
        try {
            for (DefaultCacheRegion region : cache.allRegions()) {
                for (String key : usage.hottest(region.settings().name(), HOTTEST)) {
                    if (timeUp.getAsBoolean()) {
                        return;
                    }
                    Optional<Object> value = region.get(key);
                    found += value.isPresent() ? 1 : 0;
                }
            }
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.INFO, "what is used most is not known: {0}", e.getMessage());
        }
        LOG.log(System.Logger.Level.DEBUG, "{0} entries taken over from Redis", found);
    }

    /** Tells all nodes what is used most here. */
    void publishUsage() {
        for (DefaultCacheRegion region : cache.allRegions()) {
            region.hottest(HOTTEST).forEach(key -> usage.used(region.settings().name(), key));
        }
        usage.publish();
    }

    private static JobHandler warming(String scope, DefaultWarmer warmer) {
        return context -> {
            String keys = context.argument("keys", "");
            List<String> given = Arrays.stream(keys.split(",", -1))
                    .map(String::strip)
                    .filter(key -> !key.isEmpty())
                    .toList();
            return ended(
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

    /** The result of a run, unless it was cut short because it was to stop. */
    private static JobResult ended(JobContext context, WarmupReport report) {
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

    /** Waits until the threads of jobs have ended, after closing; says whether they have. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return runner.awaitEnd(atMost);
    }

    /** Runs are given back before the workers end, and no invalidation arrives that these would have to confirm. */
    @Override
    public void close() {
        runner.close();
        cache.close();
        taskExecutor.close();
    }
}
