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
    private static final int MOST_ARGUMENTS = 16;
    private static final int LONGEST_ARGUMENT = 64;
    private static final int LONGEST_VALUE = 4096;
    private static final int MOST_TOLD = 200;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(365);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final JobStore store;
    private final RunSigner runSigner;
    private final SecureRandom random = new SecureRandom();

    /**
     * The runs that others see who have the same prefix and application.
     *
     * @param node how people see this node
     */
    public RedisJobs(Redis redis, KeyRing keys, String prefix, String application, String node) {
        this(redis, keys, prefix, application, node, LEASE);
    }

    /** With a lease of another length. */
    RedisJobs(Redis redis, KeyRing keys, String prefix, String application, String node, Duration lease) {
        this.store = new JobStore(redis, prefix, application, node, lease);
        this.runSigner = new RunSigner(keys, application);
    }

    @Override
    public String submit(String name, Map<String, String> arguments) {
        return submit(name, arguments, Duration.ZERO)
                .orElseThrow(() -> new JobRefusedException("the run was refused; expected to be queued"));
    }

    @Override
    public Optional<String> submitOnce(String name, Duration period) {
        if (period.toMillis() < 1 || period.compareTo(LONGEST_PERIOD) > 0) {
            throw new IllegalArgumentException("the period is " + period + "; expected 1 ms to 365 days");
        }
        return submit(name, Map.of(), period);
    }

    private Optional<String> submit(String name, Map<String, String> arguments, Duration period) {
        checkName(name);
        check(arguments);
        byte[] bytes = new byte[ID_LENGTH];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Submission submission = store.submit(id, name, arguments, runSigner.of(id, name, arguments), period);
        if (submission == Submission.FULL) {
            throw new JobRefusedException(
                    JobStore.MOST_QUEUED + " runs are waiting, more are not taken; is any node running them?");
        }
        return submission == Submission.SUBMITTED ? Optional.of(id) : Optional.empty();
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name of a job; expected 1 to 64 small letters, digits and hyphens");
        }
    }

    private static void check(Map<String, String> arguments) {
        if (arguments.size() > MOST_ARGUMENTS) {
            throw new IllegalArgumentException(arguments.size() + " arguments; expected at most " + MOST_ARGUMENTS);
        }
        arguments.forEach((name, value) -> {
            if (name.isEmpty() || name.length() > LONGEST_ARGUMENT) {
                throw new IllegalArgumentException(
                        "an argument's name has " + name.length() + " characters; expected 1 to " + LONGEST_ARGUMENT);
            }
            int length = value.getBytes(StandardCharsets.UTF_8).length;
            if (length > LONGEST_VALUE) {
                throw new IllegalArgumentException("argument " + name + " has " + length + " bytes; expected at most "
                        + LONGEST_VALUE + ": submit several runs");
            }
        });
    }

    @Override
    public Optional<JobRun> find(String id) {
        return ID.matcher(id).matches() ? store.find(id) : Optional.empty();
    }

    @Override
    public JobRun await(String id, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            JobRun run = find(id).orElseThrow(() -> new NoSuchElementException("no such run, or no longer"));
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
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    @Override
    public List<JobRun> history(int most) {
        return store.list(Math.max(0, Math.min(most, MOST_TOLD)));
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

    JobClaim.Standing renew(JobClaim jobClaim, JobProgress jobProgress) {
        return store.renew(jobClaim, jobProgress);
    }

    boolean finish(JobClaim jobClaim, JobState state, JobProgress jobProgress, @Nullable JobResult result) {
        return store.finish(jobClaim, state, jobProgress, result);
    }

    /** The run of a claim, if a node of this application submitted it like that. */
    Optional<JobRun> signed(JobClaim jobClaim) {
        return JobFields.run(jobClaim.id(), jobClaim.fields())
                .filter(run -> runSigner.isRight(jobClaim.fields().getOrDefault("tag", ""), run));
    }
}
