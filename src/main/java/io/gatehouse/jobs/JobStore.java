package io.gatehouse.jobs;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Script;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queue and the runs in Redis. Keys, which all share a slot: {@code <prefix>:{<application>.j}:q} is the queue, {@code :r:<id>}
 * a run, {@code :l} what runs, {@code :h} what has ended, {@code :o:<name>} the period in which a name was last submitted once.
 * Scripts make the names of runs from that of the queue.
 *
 * <p>{@code submit.lua} (HEXISTS, TIME, GET, ZRANGE, HGET, ZCARD, HSET, PEXPIRE, ZADD, SET PX), {@code claim.lua} (TIME,
 * ZRANGEBYSCORE, HGET, HSET, ZADD, PEXPIRE, ZREM, ZRANGE, HMGET, HGETALL), {@code renew.lua} (HMGET, TIME, HSET, ZADD, PEXPIRE),
 * {@code finish.lua} and {@code cancel.lua} (HMGET, HGET, TIME, HSET, PEXPIRE, ZADD, ZREM, ZRANGE, UNLINK), {@code find.lua}
 * (HGETALL), {@code list.lua} (ZRANGE, HGET, HGETALL). Safe for use by several threads.
 */
final class JobStore {
    static final int MOST_QUEUED = 1000;
    static final int MOST_ENDED = 100;
    static final int ATTEMPTS = 3;

    private static final Duration KEPT = Duration.ofDays(7);
    private static final Script SUBMIT = Script.beside(JobStore.class, "submit.lua", true);
    private static final Script CLAIM = Script.beside(JobStore.class, "claim.lua", false);
    private static final Script RENEW = Script.beside(JobStore.class, "renew.lua", true);
    private static final Script FINISH = Script.beside(JobStore.class, "finish.lua", true);
    private static final Script CANCEL = Script.beside(JobStore.class, "cancel.lua", true);
    private static final Script FIND = Script.beside(JobStore.class, "find.lua", true);
    private static final Script LIST = Script.beside(JobStore.class, "list.lua", true);

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
        List<byte[]> arguments = new ArrayList<>(List.of(
                bytes(id),
                bytes(name),
                bytes(node),
                bytes(tag),
                number(KEPT.toMillis()),
                number(MOST_QUEUED),
                number(period.toMillis())));
        jobArguments.forEach((argument, value) -> {
            arguments.add(bytes(argument));
            arguments.add(bytes(value));
        });
        String answer =
                send(SUBMIT, List.of(key("q"), runKey(id), key("l"), key("o:" + name)), arguments, JobStore::text);
        return switch (answer) {
            case "submitted" -> Submission.SUBMITTED;
            case "full" -> Submission.FULL;
            default -> Submission.NOT_NOW;
        };
    }

    /** The longest waiting run of these names, which is this node's until the lease is over. */
    Optional<Claim> claim(Collection<String> names) {
        List<byte[]> arguments = new ArrayList<>(
                List.of(bytes(node), number(lease.toMillis()), number(KEPT.toMillis()), number(ATTEMPTS)));
        names.forEach(name -> arguments.add(bytes(name)));
        return send(CLAIM, List.of(key("q"), key("l")), arguments, JobStore::claimed);
    }

    private static Optional<Claim> claimed(@Nullable Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() < 3) {
            return Optional.empty();
        }
        Map<String, String> fields = fields(parts.get(2));
        Claim.Order order = switch (text(parts.get(0))) {
            case "cancelled" -> Claim.Order.END_CANCELLED;
            case "given up" -> Claim.Order.END_GIVEN_UP;
            default -> Claim.Order.RUN;
        };
        return Optional.of(new Claim(order, text(parts.get(1)), fields.getOrDefault("fence", ""), fields));
    }

    /** Holds a run for one lease more. */
    Claim.Standing renew(Claim claim, Progress progress) {
        String answer = send(
                RENEW,
                List.of(key("l"), runKey(claim.id())),
                List.of(
                        bytes(claim.id()),
                        bytes(claim.fence()),
                        number(lease.toMillis()),
                        number(KEPT.toMillis()),
                        number(progress.done()),
                        number(progress.total()),
                        bytes(progress.message())),
                JobStore::text);
        return switch (answer) {
            case "renewed" -> Claim.Standing.RENEWED;
            case "cancelled" -> Claim.Standing.CANCELLED;
            default -> Claim.Standing.LOST;
        };
    }

    /** Ends a run, or gives it back if the state is QUEUED; says whether it was still this node's. */
    boolean finish(Claim claim, JobState state, Progress progress, String result) {
        return send(
                FINISH,
                List.of(key("q"), key("l"), key("h"), runKey(claim.id())),
                List.of(
                        bytes(claim.id()),
                        bytes(claim.fence()),
                        bytes(state.label()),
                        number(KEPT.toMillis()),
                        number(MOST_ENDED),
                        number(progress.done()),
                        number(progress.total()),
                        bytes(progress.message()),
                        bytes(result)),
                JobStore::yes);
    }

    boolean cancel(String id) {
        return send(
                CANCEL,
                List.of(key("q"), key("h"), runKey(id)),
                List.of(bytes(id), number(KEPT.toMillis()), number(MOST_ENDED)),
                JobStore::yes);
    }

    Optional<JobRun> find(String id) {
        return send(FIND, List.of(runKey(id)), List.of(), reply -> JobRun.of(id, fields(reply)));
    }

    List<JobRun> list(int most) {
        return send(LIST, List.of(key("q"), key("l"), key("h")), List.of(number(most)), reply -> {
            List<JobRun> runs = new ArrayList<>();
            List<?> parts = reply instanceof List<?> list ? list : List.of();
            for (int i = 0; i + 1 < parts.size(); i += 2) {
                JobRun.of(text(parts.get(i)), fields(parts.get(i + 1))).ifPresent(runs::add);
            }
            return runs;
        });
    }

    private <T> T send(
            Script script, List<byte[]> keys, List<byte[]> arguments, Function<@Nullable Object, T> decoder) {
        return redis.send(script.call(Purpose.CACHE_WARMING, keys, arguments, decoder));
    }

    private byte[] runKey(String id) {
        return key("r:" + id);
    }

    private byte[] key(String rest) {
        return bytes(prefix + rest);
    }

    private static Map<String, String> fields(@Nullable Object reply) {
        Map<String, String> fields = new LinkedHashMap<>();
        List<?> parts = reply instanceof List<?> list ? list : List.of();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            fields.put(text(parts.get(i)), text(parts.get(i + 1)));
        }
        return fields;
    }

    private static boolean yes(@Nullable Object reply) {
        return reply instanceof Long number && number == 1;
    }

    private static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    private static byte[] number(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
