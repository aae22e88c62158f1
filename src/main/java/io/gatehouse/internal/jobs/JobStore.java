package io.gatehouse.internal.jobs;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.SubmitOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stores the queue and the runs in Redis. All keys start with {@code <prefix>:{<application>.j}}, so they share a slot:
 *
 * <ul>
 *   <li>{@code :q}, a sorted set, is the queue, scored by the earliest start;
 *   <li>{@code :r:<id>}, a hash, is a run;
 *   <li>{@code :l}, a sorted set, has the running runs, scored by the end of their lease;
 *   <li>{@code :h}, a sorted set, has the ended runs, scored by their end;
 *   <li>{@code :d}, a sorted set, has the dead runs, scored by their end;
 *   <li>{@code :o:<name>}, a string, is the last period for which a job was submitted once;
 *   <li>{@code :f:<name>}, a string, is the last fire time of a job;
 *   <li>{@code :n}, a hash, has the names of the jobs that each live node runs; see {@link JobDirectory}.
 * </ul>
 *
 * <p>Scripts derive the keys of runs from the key of the queue. {@code claim.lua} first returns runs with an expired lease to the
 * queue, then grants a lease and a fencing token that exceeds all earlier ones of the run; if no run is due, it returns how long that
 * takes. {@code renew.lua} and {@code finish.lua} change nothing if the token is outdated.
 *
 * <p>{@code submit.lua} and {@code fire.lua} (HEXISTS, TIME, HGETALL, GET, ZRANGEBYSCORE, HGET, ZCARD, HSET, PEXPIRE, ZADD, SET PX),
 * {@code claim.lua} (TIME, ZRANGEBYSCORE, HSET, ZADD, PEXPIRE, ZREM, HMGET, HGETALL, ZRANGE), {@code renew.lua} (HMGET, TIME, HSET, ZADD,
 * PEXPIRE), {@code requeue.lua} and {@code discard.lua} (HGET, ZCARD, TIME, HSET, HDEL, PEXPIRE, ZADD, ZREM, UNLINK),
 * {@code finish.lua} and {@code cancel.lua} (HMGET, HGET, TIME, HSET, PEXPIRE, ZADD, ZREM, ZRANGE, UNLINK), {@code find.lua}
 * (HGETALL), {@code list.lua} (ZRANGE, HMGET, HGETALL). Thread-safe.
 */
final class JobStore {
    static final int MAX_QUEUED = 1000;
    static final int MAX_ENDED = 100;
    static final int MAX_DEAD = 200;

    private static final Duration RUN_TTL = Duration.ofDays(7);
    /** The longest delay of a run, and how long a dead run is kept. The queue lives longer than any run in it. */
    static final Duration MAX_DELAY = Duration.ofDays(30);

    private static final Duration FIRE_TTL = Duration.ofDays(400);
    private static final Script SUBMIT = Script.load(JobStore.class, "submit.lua", true);
    private static final Script FIRE = Script.load(JobStore.class, "fire.lua", true);
    private static final Script REQUEUE = Script.load(JobStore.class, "requeue.lua", true);
    private static final Script DISCARD = Script.load(JobStore.class, "discard.lua", false);
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

    /** Returns the keys of the {@link JobDirectory} of the application: its own, the queue and the running runs. */
    List<String> directoryKeys() {
        return List.of(key("n"), key("q"), key("l"));
    }

    Duration lease() {
        return lease;
    }

    /**
     * Adds a run to the queue; with a period other than zero, only the first time in that period.
     *
     * @param checked whether a live node must know the job
     */
    Submission submit(NewRun run, SubmitOptions options, Duration period, boolean checked) {
        Instant at = options.at();
        long micros = at == null || at.getEpochSecond() <= 0 ? 0 : micros(at);
        return redis.send(SUBMIT.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), runKey(run.id()), key("l"), key("o:" + run.name()), key("n"))
                .args(args -> args.text(run.id())
                        .text(run.name())
                        .text(node)
                        .text(run.tag())
                        .millis(RUN_TTL)
                        .number(MAX_QUEUED)
                        .millis(period)
                        .millis(options.delay())
                        .number(micros)
                        .millis(MAX_DELAY)
                        .number(checked ? 1 : 0)
                        .text(run.json()))
                .reply(Submission::of));
    }

    private static long micros(Instant at) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, at);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // too far ahead in any case
        }
    }

    /** Adds a run without arguments for a fire time of a cron expression. */
    FireResult fire(NewRun run, Instant fireTime, String expression, boolean first) {
        return redis.send(FIRE.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), runKey(run.id()), key("l"), key("f:" + run.name()))
                .args(args -> args.text(run.id())
                        .text(run.name())
                        .text(node)
                        .text(run.tag())
                        .millis(RUN_TTL)
                        .number(MAX_QUEUED)
                        .millis(MAX_DELAY)
                        .number(fireTime.toEpochMilli())
                        .text(expression)
                        .number(first ? 1 : 0)
                        .millis(FIRE_TTL))
                .reply(FireResult::of));
    }

    /**
     * The outcome of a claim.
     *
     * @param claim the claimed run, or null if no run is due
     * @param untilNext the time until the next run is due or the next lease ends, if no run is due
     */
    record ClaimReply(@Nullable JobClaim claim, Duration untilNext) {}

    /**
     * Claims the run of these jobs that has been due for longest, for one lease.
     *
     * @param attempts the maximum number of attempts of each job
     */
    ClaimReply claim(Map<String, Integer> attempts) {
        Map<String, String> texts = new TreeMap<>();
        attempts.forEach((name, most) -> texts.put(name, most.toString()));
        return redis.send(CLAIM.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"))
                .args(args -> args.text(node)
                        .millis(lease)
                        .millis(RUN_TTL)
                        .millis(MAX_DELAY)
                        .textFields(texts))
                .reply(reply -> claimed(reply.list())));
    }

    private static ClaimReply claimed(ReplyReader reply) {
        String outcome = reply.oneOf("run", "cancelled", "given up", "none");
        if (outcome.equals("none")) {
            return new ClaimReply(null, Duration.ofMillis(reply.number()));
        }
        JobClaim.ClaimAction action = switch (outcome) {
            case "cancelled" -> JobClaim.ClaimAction.END_CANCELLED;
            case "given up" -> JobClaim.ClaimAction.END_GIVEN_UP;
            default -> JobClaim.ClaimAction.RUN;
        };
        String id = reply.text();
        Map<String, String> fields = reply.textFields();
        return new ClaimReply(new JobClaim(action, id, fields.getOrDefault("fence", ""), fields), Duration.ZERO);
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
        return finish(claim, state.label(), progress, result, Duration.ZERO);
    }

    /** Returns a run to the queue for another attempt after a pause; returns false if this node has lost the run. */
    boolean retry(JobClaim claim, JobProgress progress, Duration pause) {
        return finish(claim, "retry", progress, null, pause);
    }

    private boolean finish(
            JobClaim claim, String state, JobProgress progress, @Nullable JobResult result, Duration pause) {
        return redis.send(FINISH.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"), runKey(claim.id()), key("d"))
                .args(args -> args.text(claim.id())
                        .text(claim.fencingToken())
                        .text(state)
                        .millis(RUN_TTL)
                        .number(MAX_ENDED)
                        .number(progress.done())
                        .number(progress.total())
                        .text(progress.message())
                        .text(result == null ? "" : result.message())
                        .text(result == null ? "" : JobFields.counts(result))
                        .millis(pause)
                        .millis(MAX_DELAY)
                        .number(MAX_DEAD))
                .reply(ReplyReader::flag));
    }

    /** The outcome of an operator's retry. */
    enum Requeue {
        QUEUED,
        FULL,
        /** The run is in another state or unknown. */
        NOT_DEAD
    }

    /** Returns a dead or failed run to the queue. */
    Requeue requeue(String id) {
        return redis.send(REQUEUE.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), runKey(id), key("h"), key("d"))
                .args(args -> args.text(id).millis(RUN_TTL).number(MAX_QUEUED).millis(MAX_DELAY))
                .reply(reply -> switch (reply.oneOf("queued", "full", "not dead")) {
                    case "queued" -> Requeue.QUEUED;
                    case "full" -> Requeue.FULL;
                    default -> Requeue.NOT_DEAD;
                }));
    }

    /** Deletes a dead run; returns false if it is in another state or unknown. */
    boolean discard(String id) {
        return redis.send(DISCARD.on(RedisPurpose.CACHE_WARMING)
                .keys(runKey(id), key("d"))
                .args(args -> args.text(id))
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

    /** Returns the runs of one state, or of all if it is null, the last submitted first. */
    List<JobRun> list(@Nullable JobState state, int limit) {
        return redis.send(LIST.on(RedisPurpose.CACHE_WARMING)
                .keys(key("q"), key("l"), key("h"), key("d"))
                .args(args -> args.number(limit).text(state == null ? "" : state.label()))
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
