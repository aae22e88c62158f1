package io.gatehouse.internal.jobs;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of the jobs that each live node runs, in a hash with one field for each node: {@code <end of validity in milliseconds>
 * <name> <name> ...}. A submission is checked against them, so that a wrong name is an error and not a run that waits forever.
 *
 * <p>{@code announce.lua} (TIME, HSET, HDEL, PEXPIRE, HGETALL), {@code names.lua} (TIME, HGETALL). Thread-safe.
 */
final class JobDirectory {
    private static final Script ANNOUNCE = Script.load(JobDirectory.class, "announce.lua", true);
    private static final Script NAMES = Script.load(JobDirectory.class, "names.lua", true);

    private final Redis redis;
    private final String key;
    private final String node;

    JobDirectory(Redis redis, String key, String node) {
        this.redis = redis;
        this.key = key;
        this.node = node;
    }

    /** Publishes the jobs of this node; an empty collection withdraws the node. */
    void announce(Collection<String> names, Duration valid) {
        redis.send(ANNOUNCE.on(RedisPurpose.CACHE_WARMING)
                .keys(key)
                .args(args -> args.text(node).millis(valid).text(String.join(" ", names)))
                .reply(ReplyReader::flag));
    }

    /** Returns the names of the jobs that live nodes run. */
    SortedSet<String> names() {
        return redis.send(NAMES.on(RedisPurpose.CACHE_WARMING).keys(key).reply(reply -> {
            SortedSet<String> names = new TreeSet<>();
            reply.texts().forEach(jobs -> names.addAll(List.of(jobs.split(" ", -1))));
            return names;
        }));
    }
}
