package io.gatehouse.internal.redis;

import io.gatehouse.RedisPurpose;
import java.time.Duration;
import java.util.List;

/**
 * The reports of all nodes of an application, such as statistics that are summed over the cluster. Each node stores its report every
 * {@link #INTERVAL} as a field of one Redis hash; a node that has been silent for four intervals is removed. Script: {@code report.lua}
 * (TIME, HSET, PEXPIRE, HGETALL, HDEL). Immutable.
 */
public final class NodeReports {
    /** How often a node stores its report. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Script REPORT = Script.loadReturningMark(NodeReports.class, "report.lua");
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);

    private final RedisPurpose redisPurpose;
    private final byte[] key;
    private final String node;

    /**
     * Creates the reports that are stored under one key.
     *
     * @param node a name of this process that no other has
     */
    public NodeReports(RedisPurpose redisPurpose, byte[] key, String node) {
        this.redisPurpose = redisPurpose;
        this.key = key.clone();
        this.node = node;
    }

    /** Returns the call that stores the report of this node, and returns those of all nodes. */
    public RedisCall<List<String>> exchange(String report) {
        return call(node, report);
    }

    /** Returns the call that returns the reports of all nodes. */
    public RedisCall<List<String>> read() {
        return call("", "");
    }

    private RedisCall<List<String>> call(String writer, String report) {
        return REPORT.on(redisPurpose)
                .keys(key)
                .args(args -> args.text(writer).text(report).millis(SILENCE))
                .reply(ReplyReader::texts);
    }
}
