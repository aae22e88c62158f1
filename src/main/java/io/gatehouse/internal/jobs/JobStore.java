package io.gatehouse.internal.jobs;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
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
 * The queue and the runs in Redis. Keys, which all share a slot: {@code <prefix>:{<application>.j}:q} is the queue, {@code :r:<id>}
 * a run, {@code :l} what runs, {@code :h} what has ended, {@code :o:<name>} the period in which a name was last submitted once.
 * Scripts make the names of runs from that of the queue.
 *
 * <p>{@code submit.lua} (HEXISTS, TIME, GET, ZRANGE, HGET, ZCARD, HSET, PEXPIRE, ZADD, SET PX), {@code claim.lua} (TIME,
 * ZRANGEBYSCORE, HGET, HSET, ZADD, PEXPIRE, ZREM, ZRANGE, HMGET, HGETALL), {@code renew.lua} (HMGET, TIME, HSET, ZADD, PEXPIRE),
 * {@code finish.lua} and {@code cancel.lua} (HMGET, HGET, TIME, HSET, PEXPIRE, ZADD, ZREM, ZRANGE, UNLINK), {@code find.lua}
 * (HGETALL), {@code list.lua} (ZRANGE, HGET, HGETALL). Thread-safe.
 */
final class JobStore {
    static final int MOST_QUEUED = 1000;
    static final int MOST_ENDED = 100;
    static final int ATTEMPTS = 3;

    private static final Duration KEPT = Duration.ofDays(7);
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

    /** What became of a submission. */
    enum Submission {
        SUBMITTED,
        NOT_NOW,
        FULL
    }

    /** Puts a run into the queue; with a period other than zero only as the first in it. */
    Submission submit(String id, String name, Map<String, String> jobArguments, String tag, Duration period) {
        String outcome = redis.send(SUBMIT.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), runKey(id), key("l"), key("o:" + name))
                .args(args -> args.text(id)
                        .text(name)
                        .text(node)
                        .text(tag)
                        .millis(KEPT)
                        .number(MOST_QUEUED)
                        .millis(period)
                        .textFields(jobArguments))
                .reply(reply -> reply.oneOf("submitted", "full", "not now")));
        return switch (outcome) {
            case "submitted" -> Submission.SUBMITTED;
            case "full" -> Submission.FULL;
            default -> Submission.NOT_NOW;
        };
    }

    /** The longest waiting run of these names, which belongs to this node until the lease ends. */
    Optional<JobClaim> claim(Collection<String> names) {
        return redis.send(CLAIM.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"))
                .args(args -> args.text(node)
                        .millis(lease)
                        .millis(KEPT)
                        .number(ATTEMPTS)
                        .texts(names))
                .reply(reply -> reply.isNil() ? Optional.empty() : Optional.of(claimed(reply.list()))));
    }

    private static JobClaim claimed(ReplyReader reply) {
        JobClaim.ClaimAction claimAction = switch (reply.oneOf("run", "cancelled", "given up")) {
            case "cancelled" -> JobClaim.ClaimAction.END_CANCELLED;
            case "given up" -> JobClaim.ClaimAction.END_GIVEN_UP;
            default -> JobClaim.ClaimAction.RUN;
        };
        String id = reply.text();
        Map<String, String> fields = reply.textFields();
        return new JobClaim(claimAction, id, fields.getOrDefault("fence", ""), fields);
    }

    /** Holds a run for one lease more. */
    JobClaim.Standing renew(JobClaim jobClaim, JobProgress jobProgress) {
        String outcome = redis.send(RENEW.on(RedisPurpose.CACHE_WARMING)
                .keys(key("l"), runKey(jobClaim.id()))
                .args(args -> args.text(jobClaim.id())
                        .text(jobClaim.fence())
                        .millis(lease)
                        .millis(KEPT)
                        .number(jobProgress.done())
                        .number(jobProgress.total())
                        .text(jobProgress.message()))
                .reply(reply -> reply.oneOf("renewed", "cancelled", "lost")));
        return switch (outcome) {
            case "renewed" -> JobClaim.Standing.RENEWED;
            case "cancelled" -> JobClaim.Standing.CANCELLED;
            default -> JobClaim.Standing.LOST;
        };
    }

    /** Ends a run, or gives it back if the state is QUEUED; says whether it was still this node's. */
    boolean finish(JobClaim jobClaim, JobState state, JobProgress jobProgress, @Nullable JobResult result) {
        return redis.send(FINISH.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"), runKey(jobClaim.id()))
                .args(args -> args.text(jobClaim.id())
                        .text(jobClaim.fence())
                        .text(state.label())
                        .millis(KEPT)
                        .number(MOST_ENDED)
                        .number(jobProgress.done())
                        .number(jobProgress.total())
                        .text(jobProgress.message())
                        .text(result == null ? "" : result.message())
                        .text(result == null ? "" : JobFields.counts(result)))
                .reply(ReplyReader::flag));
    }

    boolean cancel(String id) {
        return redis.send(CANCEL.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("h"), runKey(id))
                .args(args -> args.text(id).millis(KEPT).number(MOST_ENDED))
                .reply(ReplyReader::flag));
    }

    Optional<JobRun> find(String id) {
        return redis.send(FIND.on(RedisPurpose.CACHE_WARMING)
                .keys(runKey(id))
                .reply(reply -> JobFields.run(id, reply.textFields())));
    }

    List<JobRun> list(int most) {
        return redis.send(LIST.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"))
                .args(args -> args.number(most))
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
