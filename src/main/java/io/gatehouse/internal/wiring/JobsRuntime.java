package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.jobs.JobRegistry;
import io.gatehouse.internal.jobs.JobRunner;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.NodeJobsView;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.schedule.TaskExecutor;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.session.SessionManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The jobs of one application on this node: the queue, the runner, the clean-up jobs and the jobs of the application. It works with and
 * without the cache, which adds jobs of its own to the registry. Thread-safe.
 */
final class JobsRuntime implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobsRuntime.class.getName());

    private final RedisJobs jobs;
    private final JobRunner runner;
    private final SessionManager sessions;
    private final Container container;
    private volatile Executor threadContext = Runnable::run;
    private volatile Executor requestContext = Runnable::run;

    /**
     * Creates a runtime whose runner does nothing until it is started.
     *
     * @param executor calls the handlers
     * @param container the application, whose class loader handlers see as context class loader
     */
    JobsRuntime(Components components, TaskExecutor executor, JobObserver observer, Container container) {
        this.jobs = components.jobs();
        this.sessions = components.sessions().manager();
        this.container = container;
        this.runner = new JobRunner(jobs, inApplication(executor), observer);
        LimitEngine limiter = components.limiter();
        registry().reserve(JobOperations.NAMES);
        builtIn(JobOperations.CLEAN_UP_SESSIONS, context -> cleanUpSessions());
        builtIn(JobOperations.CLEAN_UP_RATE_LIMITS, context -> {
            limiter.heartbeat(); // removes the nodes of this application that have died
            int applications = limiter.applications().size(); // removes applications that have no node any more
            components.cache().ifPresent(cache -> cache.clusterStatistics()); // removes the statistics of dead nodes
            return JobResult.of(applications + " applications use the rate limits");
        });
    }

    /** Removes expired sessions. Before the application has started it removes none, because session listeners may not be registered yet. */
    private JobResult cleanUpSessions() {
        if (!container.isStarted()) {
            return new JobResult(0, 0, 0, 0, false, "no session removed, because the application is still starting");
        }
        int removed = sessions.cleanupExpiredSessions();
        return new JobResult(removed, 0, 0, removed, true, removed + " sessions removed");
    }

    private void builtIn(String name, JobHandler handler) {
        registry().registerBuiltIn(name, handler, JobOptions.DEFAULT);
    }

    private Executor inApplication(TaskExecutor executor) {
        return work -> executor.execute(() ->
                through(threadContext, () -> withApplicationLoader(() -> through(requestContext, work))));
    }

    private void withApplicationLoader(Runnable work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(container.applicationLoader());
        try {
            work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Runs work in a context, or without it if the server cannot provide it. */
    private static void through(Executor context, Runnable work) {
        boolean[] started = {false};
        try {
            context.execute(() -> {
                started[0] = true;
                work.run();
            });
        } catch (LinkageError | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a context of a job did not begin or end", e);
            if (!started[0]) {
                work.run();
            }
        }
    }

    RedisJobs jobs() {
        return jobs;
    }

    /** Returns the registry, to which the cache and the application add their jobs. */
    JobRegistry registry() {
        return jobs.registry();
    }

    /** Returns the jobs that run on this node. */
    NodeJobsView nodeJobs() {
        return new NodeJobsView(runner.running());
    }

    /**
     * Registers the job beans of the application. Must be called in a thread of the application.
     *
     * @throws IllegalStateException if names or options of the beans are invalid; it lists all of them
     */
    void registerBeans() {
        Executor names = OptionalApi.tryLoad("Jakarta Concurrency", "jobs cannot look up java:comp names", () -> {
            return ThreadContext.capture(); // a method reference would load its API here, outside the try block
        });
        if (names != null) {
            threadContext = names;
        }
        List<ApplicationJobs.Bean> found = OptionalApi.tryLoad("CDI", "the application has no job beans", () -> {
            JobBeans beans = new JobBeans();
            requestContext = beans::inRequestContext;
            return beans.find();
        });
        if (found != null) {
            ApplicationJobs.register(found, registry());
        }
    }

    /** Starts the runner, once everything that jobs use has been started. */
    void start() {
        runner.start();
    }

    /**
     * Adds the periodic jobs to the schedule.
     *
     * @param every the interval of each job, by its name; jobs that this node does not run are left out
     */
    void schedule(TaskSchedule taskSchedule, Map<String, Duration> every) {
        every.forEach((job, interval) -> {
            if (registry().contains(job)) {
                taskSchedule.every(interval, "submitting " + job, () -> submit(job, interval));
            }
        });
    }

    /**
     * Submits a periodic job. Sessions are also cleaned up without the queue, if that cannot be used or a job of the application occupies
     * this node, because their listeners wait for it.
     */
    private void submit(String job, Duration interval) {
        try {
            jobs.submitOnce(job, interval);
            if (job.equals(JobOperations.CLEAN_UP_SESSIONS)
                    && runner.running().filter(other -> !other.equals(job)).isPresent()) {
                cleanUpSessions();
            }
        } catch (GatehouseException e) {
            if (!job.equals(JobOperations.CLEAN_UP_SESSIONS)) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "cleaning up sessions on this node, because the queue of jobs cannot be used: {0}",
                    e.getMessage());
            cleanUpSessions();
        }
    }

    /** Waits for the threads of the runner to end after {@link #close}, and returns whether they have. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return runner.awaitEnd(timeout);
    }

    @Override
    public void close() {
        runner.close();
    }
}
