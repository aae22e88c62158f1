package io.gatehouse.internal.jobs;

import io.gatehouse.internal.jobs.JobStore.ClaimReply;
import io.gatehouse.internal.jobs.JobStore.Requeue;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobRefusedException;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.jobs.SubmitOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The queue of runs in Redis. Any node submits a run; a node whose {@link JobRunner} knows the job executes it.
 *
 * <p>A submission carries a signature over id, name and arguments, not over the time of its start; a run without a valid signature is not executed. {@link
 * JobStore} has the scripts. Thread-safe.
 */
public final class RedisJobs implements Jobs {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int ID_LENGTH = 16;
    private static final int MAX_HISTORY = 200;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration MAX_PERIOD = Duration.ofDays(365);
    private static final long MIN_POLL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long MAX_POLL_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final JobStore store;
    private final JobDirectory directory;
    private final RunSigner runSigner;
    private final JobRegistry registry = new JobRegistry();
    private final SecureRandom random = new SecureRandom();
    private final RunNotices notices = new RunNotices();
    private volatile boolean checksNames;

    /**
     * Creates the queue of an application; nodes with the same prefix and application share it.
     *
     * @param node the name of this node, as people see it
     */
    public RedisJobs(Redis redis, KeyRing keys, String prefix, String application, String node) {
        this(redis, keys, prefix, application, node, LEASE);
    }

    /** Creates the queue with another length of leases. */
    RedisJobs(Redis redis, KeyRing keys, String prefix, String application, String node, Duration lease) {
        this.store = new JobStore(redis, prefix, application, node, lease);
        this.directory = new JobDirectory(redis, store.directoryKeys(), node);
        this.runSigner = new RunSigner(keys, application);
    }

    /** Returns the jobs of this node. */
    public JobRegistry registry() {
        return registry;
    }

    /**
     * Refuses names that no live node knows from now on. Before, only the application that starts submits, and it may do so before its
     * own jobs are registered.
     */
    public void checkNames() {
        checksNames = true;
    }

    /** Returns the names of the jobs that live nodes run. */
    public SortedSet<String> names() {
        return directory.names();
    }

    /** Publishes the names of the jobs of this node, and learns when the next run may be due. An empty collection withdraws the node. */
    void announce(Collection<String> names, Duration valid) {
        notices.due().setIn(directory.announce(names, valid));
    }

    /** Returns the notices of new runs between the nodes. */
    public RunNotices notices() {
        return notices;
    }

    @Override
    public void register(String name, JobHandler handler, JobOptions options) {
        registry.register(name, handler, handler.getClass().getName(), options);
    }

    @Override
    public String submit(String name, Map<String, ?> arguments, SubmitOptions options) {
        return submit(name, arguments, options, Duration.ZERO)
                .orElseThrow(() -> new JobRefusedException(
                        "The run was not queued; expected a submission without a period to be queued"));
    }

    @Override
    public Optional<String> submitOnce(String name, Duration period) {
        if (period.toMillis() < 1 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("The period is " + period + "; expected 1 ms to 365 days");
        }
        return submit(name, Map.of(), SubmitOptions.now(), period);
    }

    private Optional<String> submit(String name, Map<String, ?> arguments, SubmitOptions options, Duration period) {
        NewRun run = newRun(name, arguments);
        boolean checked = checksNames && registry.find(name).isEmpty();
        Submission submission = store.submit(run, options, period, checked);
        if (submission.status() == Submission.Status.SUBMITTED) {
            notices.runAdded();
        }
        return switch (submission.status()) {
            case SUBMITTED -> Optional.of(run.id());
            case NOT_NOW -> Optional.empty();
            case FULL -> throw full();
            case TOO_FAR ->
                throw new IllegalArgumentException(
                        "The start is at " + options.at() + "; expected a time at most 30 days ahead");
            case UNKNOWN -> throw unknown(name, submission.known());
        };
    }

    private NewRun newRun(String name, Map<String, ?> arguments) {
        JobRegistry.checkedName(name);
        byte[] bytes = new byte[ID_LENGTH];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String json = JobArguments.write(arguments);
        return new NewRun(id, name, json, runSigner.sign(id, name, json));
    }

    private static JobRefusedException full() {
        return new JobRefusedException(
                "The queue is full: " + JobStore.MAX_QUEUED + " runs are waiting; check that a node executes them");
    }

    private static RuntimeException unknown(String name, List<String> known) {
        return known.isEmpty()
                ? new JobRefusedException("No node of the application is alive, so none would run the job " + name
                        + "; start a node, then submit the run again")
                : new IllegalArgumentException("No node knows the job '" + name + "'; expected one of "
                        + String.join(", ", new TreeSet<>(known)));
    }

    /**
     * Adds a run for a fire time of a cron expression, once in the cluster.
     *
     * @param first whether this is the first call of this node, which catches up on the last fire time if no node has seen it
     */
    FireResult fire(String name, Instant fireTime, String expression, boolean first) {
        FireResult result = store.fire(newRun(name, Map.of()), fireTime, expression, first);
        if (result.submitted()) {
            notices.runAdded();
        }
        return result;
    }

    @Override
    public Optional<JobRun> find(String id) {
        return ID.matcher(id).matches() ? store.find(id) : Optional.empty();
    }

    @Override
    public JobRun await(String id, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long pause = MIN_POLL_INTERVAL;
        while (true) {
            JobRun run = find(id).orElseThrow(() ->
                    new NoSuchElementException("No run with id " + id + "; it never existed or has been removed"));
            long left = deadline - System.nanoTime();
            if (run.state().isFinal() || left <= 0) {
                return run;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(pause, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return run;
            }
            pause = Math.min(pause * 2, MAX_POLL_INTERVAL);
        }
    }

    @Override
    public List<JobRun> history(int limit) {
        return store.list(null, Math.max(0, Math.min(limit, MAX_HISTORY)));
    }

    @Override
    public List<JobRun> history(JobState state, int limit) {
        return store.list(state, Math.max(0, Math.min(limit, MAX_HISTORY)));
    }

    @Override
    public boolean retry(String id) {
        Requeue outcome = ID.matcher(id).matches() ? store.requeue(id) : Requeue.NOT_DEAD;
        if (outcome == Requeue.FULL) {
            throw full();
        }
        if (outcome == Requeue.QUEUED) {
            notices.runAdded();
        }
        return outcome == Requeue.QUEUED;
    }

    @Override
    public boolean discard(String id) {
        return ID.matcher(id).matches() && store.discard(id);
    }

    @Override
    public boolean cancel(String id) {
        return ID.matcher(id).matches() && store.cancel(id);
    }

    Duration lease() {
        return store.lease();
    }

    /** Claims a run of these jobs, each with its maximum number of attempts. If none is due, learns when the next may be. */
    Optional<JobClaim> claim(Map<String, Integer> attempts) {
        ClaimReply reply = store.claim(attempts);
        if (reply.claim() == null) {
            notices.due().setIn(reply.untilNext());
        }
        return Optional.ofNullable(reply.claim());
    }

    JobClaim.RenewalResult renew(JobClaim claim, JobProgress progress) {
        return store.renew(claim, progress);
    }

    boolean finish(JobClaim claim, JobState state, JobProgress progress, @Nullable JobResult result) {
        boolean stored = store.finish(claim, state, progress, result);
        if (stored && state == JobState.QUEUED) {
            notices.runAdded();
        }
        return stored;
    }

    boolean retry(JobClaim claim, JobProgress progress, Duration pause) {
        return store.retry(claim, progress, pause);
    }

    /** Returns the run of a claim, or empty if its signature is invalid. */
    Optional<JobRun> signed(JobClaim claim) {
        return JobFields.run(claim.id(), claim.fields())
                .filter(run -> runSigner.verifies(claim.fields().getOrDefault("tag", ""), run.id(), claim.fields()));
    }
}
