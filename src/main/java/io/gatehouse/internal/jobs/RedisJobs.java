package io.gatehouse.internal.jobs;

import io.gatehouse.internal.jobs.JobStore.Submission;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.jobs.JobRefusedException;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The queue of runs in Redis. Any node submits a run; a node whose {@link JobRunner} knows the job executes it.
 *
 * <p>A submission carries a signature over id, name and arguments; a run without a valid signature is not executed. {@link
 * JobStore} has the scripts. Thread-safe.
 */
public final class RedisJobs implements Jobs {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int ID_LENGTH = 16;
    private static final int MAX_ARGUMENTS = 16;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_VALUE_BYTES = 4096;
    private static final int MAX_HISTORY = 200;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration MAX_PERIOD = Duration.ofDays(365);
    private static final long MIN_POLL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long MAX_POLL_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final JobStore store;
    private final RunSigner runSigner;
    private final SecureRandom random = new SecureRandom();

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
        this.runSigner = new RunSigner(keys, application);
    }

    @Override
    public String submit(String name, Map<String, String> arguments) {
        return submit(name, arguments, Duration.ZERO)
                .orElseThrow(() -> new JobRefusedException(
                        "The run was not queued; expected a submission without a period to be queued"));
    }

    @Override
    public Optional<String> submitOnce(String name, Duration period) {
        if (period.toMillis() < 1 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("The period is " + period + "; expected 1 ms to 365 days");
        }
        return submit(name, Map.of(), period);
    }

    private Optional<String> submit(String name, Map<String, String> arguments, Duration period) {
        checkName(name);
        checkArguments(arguments);
        byte[] bytes = new byte[ID_LENGTH];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Submission submission = store.submit(id, name, arguments, runSigner.sign(id, name, arguments), period);
        if (submission == Submission.FULL) {
            throw new JobRefusedException(
                    "The queue is full: " + JobStore.MAX_QUEUED + " runs are waiting; check that a node executes them");
        }
        return submission == Submission.SUBMITTED ? Optional.of(id) : Optional.empty();
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Invalid job name '" + name + "'; expected 1 to 64 lower-case letters, digits and hyphens");
        }
    }

    private static void checkArguments(Map<String, String> arguments) {
        if (arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException(
                    "The run has " + arguments.size() + " arguments; expected at most " + MAX_ARGUMENTS);
        }
        arguments.forEach((name, value) -> {
            if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException("The name of an argument has " + name.length()
                        + " characters; expected 1 to " + MAX_NAME_LENGTH);
            }
            int length = value.getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_VALUE_BYTES) {
                throw new IllegalArgumentException("Argument " + name + " has " + length + " bytes; expected at most "
                        + MAX_VALUE_BYTES + "; split it over several runs");
            }
        });
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
        return store.list(Math.max(0, Math.min(limit, MAX_HISTORY)));
    }

    @Override
    public boolean cancel(String id) {
        return ID.matcher(id).matches() && store.cancel(id);
    }

    Duration lease() {
        return store.lease();
    }

    Optional<JobClaim> claim(Collection<String> names) {
        return store.claim(names);
    }

    JobClaim.RenewalResult renew(JobClaim claim, JobProgress progress) {
        return store.renew(claim, progress);
    }

    boolean finish(JobClaim claim, JobState state, JobProgress progress, @Nullable JobResult result) {
        return store.finish(claim, state, progress, result);
    }

    /** Returns the run of a claim, or empty if its signature is invalid. */
    Optional<JobRun> signed(JobClaim claim) {
        return JobFields.run(claim.id(), claim.fields())
                .filter(run -> runSigner.verifies(claim.fields().getOrDefault("tag", ""), run));
    }
}
