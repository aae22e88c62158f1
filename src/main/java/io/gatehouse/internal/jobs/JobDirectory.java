package io.gatehouse.internal.jobs;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of the jobs that each live node runs, in a hash with one field for each node: {@code <end of validity in milliseconds>
 * <name> <name> ...}. A submission is checked against them, so that a wrong name is an error and not a run that waits forever. A node that
 * publishes its names learns in the same round trip how long no run is due, so that an idle node sends nothing else.
 *
 * <p>{@code announce.lua} (TIME, HSET, HDEL, PEXPIRE, HGETALL, ZRANGE), {@code names.lua} (TIME, HGETALL). Thread-safe.
 */
final class JobDirectory {
    private static final Script ANNOUNCE = Script.loadReturningMark(JobDirectory.class, "announce.lua");
    private static final Script NAMES = Script.load(JobDirectory.class, "names.lua", true);

    private final Redis redis;
    private final List<String> keys;
    private final String node;

    /** @param keys the key of the directory, of the queue and of the running runs */
    JobDirectory(Redis redis, List<String> keys, String node) {
        this.redis = redis;
        this.keys = keys;
        this.node = node;
    }

    /**
     * Publishes the jobs of this node; an empty collection withdraws the node.
     *
     * @return the time until the next run is due or the next lease ends; zero if that has happened
     */
    Duration announce(Collection<String> names, Duration valid) {
        return redis.send(ANNOUNCE.on(RedisPurpose.CACHE_WARMING)
                .keys(keys.toArray(String[]::new))
                .args(args -> args.text(node)
                        .millis(valid)
                        .text(String.join(" ", names))
                        .millis(JobStore.MAX_DELAY))
                .reply(reply -> Duration.ofMillis(reply.list().number())));
    }

    /** Returns the names of the jobs that live nodes run. */
    SortedSet<String> names() {
        return redis.send(NAMES.on(RedisPurpose.CACHE_WARMING).keys(keys.get(0)).reply(reply -> {
            SortedSet<String> names = new TreeSet<>();
            reply.texts().forEach(jobs -> names.addAll(List.of(jobs.split(" ", -1))));
            return names;
        }));
    }
}
