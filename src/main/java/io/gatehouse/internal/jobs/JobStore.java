package io.gatehouse.internal.jobs;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the queue and the runs in Redis. All keys start with {@code <prefix>:{<application>.j}}, so they share a slot:
 *
 * <ul>
 *   <li>{@code :q}, a sorted set, is the queue, scored by the time of submission;
 *   <li>{@code :r:<id>}, a hash, is a run;
 *   <li>{@code :l}, a sorted set, has the running runs, scored by the end of their lease;
 *   <li>{@code :h}, a sorted set, has the ended runs, scored by their end;
 *   <li>{@code :o:<name>}, a string, is the last period for which a job was submitted once.
 * </ul>
 *
 * <p>Scripts derive the keys of runs from the key of the queue. {@code claim.lua} first returns runs with an expired lease to the
 * queue, then grants a lease and a fencing token that exceeds all earlier ones of the run. {@code renew.lua} and {@code
 * finish.lua} change nothing if the token is outdated.
 *
 * <p>{@code submit.lua} (HEXISTS, TIME, GET, ZRANGE, HGET, ZCARD, HSET, PEXPIRE, ZADD, SET PX), {@code claim.lua} (TIME,
 * ZRANGEBYSCORE, HGET, HSET, ZADD, PEXPIRE, ZREM, ZRANGE, HMGET, HGETALL), {@code renew.lua} (HMGET, TIME, HSET, ZADD, PEXPIRE),
 * {@code finish.lua} and {@code cancel.lua} (HMGET, HGET, TIME, HSET, PEXPIRE, ZADD, ZREM, ZRANGE, UNLINK), {@code find.lua}
 * (HGETALL), {@code list.lua} (ZRANGE, HGET, HGETALL). Thread-safe.
 */
final class JobStore {
    static final int MAX_QUEUED = 1000;
    static final int MAX_ENDED = 100;
    static final int MAX_ATTEMPTS = 3;

    private static final Duration RUN_TTL = Duration.ofDays(7);
    private static final Script SUBMIT = Script.load(JobStore.class, "submit.lua", true);
    private static final Script CLAIM = Script.load(JobStore.class, "claim.lua", false);
    private static final Script RENEW = Script.load(JobStore.class, "renew.lua", true);
    private static final Script FINISH = Script.load(JobStore.class, "finish.lua", true);
    private static final Script CANCEL = Script.load(JobStore.class, "cancel.lua", true);
    private static final Script FIND = Script.load(JobStore.class, "find.lua", true);
    private static final Script LIST = Script.load(JobStore.class, "list.lua", true);

    private final Redis redis;
    private final String prefix;
    private final String node;
    private final Duration lease;

    JobStore(Redis redis, String keyPrefix, String application, String node, Duration lease) {
        this.redis = redis;
        this.prefix = keyPrefix + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + ".j}:";
        this.node = node;
        this.lease = lease;
    }

    Duration lease() {
        return lease;
    }

    /** The outcome of a submission. */
    enum Submission {
        SUBMITTED,
        /** The period has a run already, or a run of the job is queued or running. */
        NOT_NOW,
        /** The queue is full. */
        FULL
    }

    /** Adds a run to the queue; with a period other than zero, only the first time in that period. */
    Submission submit(String id, String name, Map<String, String> jobArguments, String tag, Duration period) {
        String outcome = redis.send(SUBMIT.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), runKey(id), key("l"), key("o:" + name))
                .args(args -> args.text(id)
                        .text(name)
                        .text(node)
                        .text(tag)
                        .millis(RUN_TTL)
                        .number(MAX_QUEUED)
                        .millis(period)
                        .textFields(jobArguments))
                .reply(reply -> reply.oneOf("submitted", "full", "not now")));
        return switch (outcome) {
            case "submitted" -> Submission.SUBMITTED;
            case "full" -> Submission.FULL;
            default -> Submission.NOT_NOW;
        };
    }

    /** Claims the oldest queued run of these jobs for one lease. */
    Optional<JobClaim> claim(Collection<String> names) {
        return redis.send(CLAIM.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"))
                .args(args -> args.text(node)
                        .millis(lease)
                        .millis(RUN_TTL)
                        .number(MAX_ATTEMPTS)
                        .texts(names))
                .reply(reply -> reply.isNil() ? Optional.empty() : Optional.of(claimed(reply.list()))));
    }

    private static JobClaim claimed(ReplyReader reply) {
        JobClaim.ClaimAction action = switch (reply.oneOf("run", "cancelled", "given up")) {
            case "cancelled" -> JobClaim.ClaimAction.END_CANCELLED;
            case "given up" -> JobClaim.ClaimAction.END_GIVEN_UP;
            default -> JobClaim.ClaimAction.RUN;
        };
        String id = reply.text();
        Map<String, String> fields = reply.textFields();
        return new JobClaim(action, id, fields.getOrDefault("fence", ""), fields);
    }

    /** Extends the lease of a run, stores its progress, and learns whether it is cancelled or lost. */
    JobClaim.RenewalResult renew(JobClaim claim, JobProgress progress) {
        String outcome = redis.send(RENEW.on(RedisPurpose.CACHE_WARMING)
                .keys(key("l"), runKey(claim.id()))
                .args(args -> args.text(claim.id())
                        .text(claim.fencingToken())
                        .millis(lease)
                        .millis(RUN_TTL)
                        .number(progress.done())
                        .number(progress.total())
                        .text(progress.message()))
                .reply(reply -> reply.oneOf("renewed", "cancelled", "lost")));
        return switch (outcome) {
            case "renewed" -> JobClaim.RenewalResult.RENEWED;
            case "cancelled" -> JobClaim.RenewalResult.CANCELLED;
            default -> JobClaim.RenewalResult.LOST;
        };
    }

    /** Ends a run, or returns it to the queue if the state is QUEUED; returns false if this node has lost the run. */
    boolean finish(JobClaim claim, JobState state, JobProgress progress, @Nullable JobResult result) {
        return redis.send(FINISH.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"), runKey(claim.id()))
                .args(args -> args.text(claim.id())
                        .text(claim.fencingToken())
                        .text(state.label())
                        .millis(RUN_TTL)
                        .number(MAX_ENDED)
                        .number(progress.done())
                        .number(progress.total())
                        .text(progress.message())
                        .text(result == null ? "" : result.message())
                        .text(result == null ? "" : JobFields.counts(result)))
                .reply(ReplyReader::flag));
    }

    /** Cancels a run; returns false if it has ended or is unknown. */
    boolean cancel(String id) {
        return redis.send(CANCEL.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("h"), runKey(id))
                .args(args -> args.text(id).millis(RUN_TTL).number(MAX_ENDED))
                .reply(ReplyReader::flag));
    }

    /** Returns a run. */
    Optional<JobRun> find(String id) {
        return redis.send(FIND.on(RedisPurpose.CACHE_WARMING)
                .keys(runKey(id))
                .reply(reply -> JobFields.run(id, reply.textFields())));
    }

    /** Returns the runs of all states, the last submitted first. */
    List<JobRun> list(int limit) {
        return redis.send(LIST.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"))
                .args(args -> args.number(limit))
                .reply(JobStore::runs));
    }

    private static List<JobRun> runs(ReplyReader reply) {
        List<JobRun> runs = new ArrayList<>();
        ReplyReader list = reply.list();
        while (list.hasNext()) {
            JobFields.run(list.text(), list.textFields()).ifPresent(runs::add);
        }
        return runs;
    }

    private String runKey(String id) {
        return key("r:" + id);
    }

    private String key(String rest) {
        return prefix + rest;
    }
}
