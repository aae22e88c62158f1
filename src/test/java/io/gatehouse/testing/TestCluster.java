package io.gatehouse.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** A cluster of three masters. It is joined here because the embedded server has no tool for that. */
public final class TestCluster implements RedisDeployment {
    private static final int SLOTS = 16384;
    private static final int MASTERS = 3;

    private final List<TestRedis> nodes;
    private final List<TestRedis> replicas = new ArrayList<>();

    public TestCluster() {
        nodes = Stream.generate(TestCluster::node).limit(MASTERS).toList();
        join(nodes.stream().map(TestRedis::port).toList(), port -> new Jedis("127.0.0.1", port));
    }

    /**
     * Joins independent servers to a cluster of masters and distributes the slots among them.
     *
     * @param client connects to a port as a user who may do that
     */
    public static void join(List<Integer> ports, IntFunction<Jedis> client) {
        int masters = ports.size();
        for (int i = 0; i < masters; i++) {
            try (Jedis jedis = client.apply(ports.get(i))) {
                int[] slots = IntStream.range(SLOTS * i / masters, SLOTS * (i + 1) / masters)
                        .toArray();
                jedis.clusterAddSlots(slots);
                jedis.clusterSetConfigEpoch(i + 1);
                if (i > 0) {
                    jedis.clusterMeet("127.0.0.1", ports.get(0));
                }
            }
        }
        Eventually.holds(
                "the cluster serves all slots",
                Duration.ofSeconds(20),
                () -> ports.stream().allMatch(port -> {
                    try (Jedis jedis = client.apply(port)) {
                        return jedis.clusterInfo().contains("cluster_state:ok")
                                && jedis.clusterInfo().contains("cluster_known_nodes:" + masters);
                    }
                }));
    }

    /** Adds a replica to a master and waits until it follows. */
    public void addReplica(int master) {
        TestRedis replica = node();
        replicas.add(replica);
        try (Jedis jedis = new Jedis("127.0.0.1", replica.port());
                Jedis followed = new Jedis("127.0.0.1", nodes.get(master).port())) {
            jedis.clusterMeet("127.0.0.1", nodes.get(master).port());
            String id = followed.clusterMyId();
            Eventually.holds(
                    "the nodes know each other",
                    Duration.ofSeconds(20),
                    () -> jedis.clusterNodes().contains(id));
            jedis.clusterReplicate(id);
            Eventually.holds(
                    "the replica follows",
                    Duration.ofSeconds(20),
                    () -> jedis.info("replication").contains("master_link_status:up"));
            String replicaId = jedis.clusterMyId();
            Eventually.holds(
                    "every master knows the replica, without which it gets no votes",
                    Duration.ofSeconds(20),
                    () -> nodes.stream().allMatch(node -> knowsReplica(node, replicaId)));
        }
    }

    private static boolean knowsReplica(TestRedis node, String replicaId) {
        try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
            return jedis.clusterNodes().lines().anyMatch(line -> line.startsWith(replicaId) && line.contains("slave"));
        }
    }

    private static TestRedis node() {
        return TestRedis.start(
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "1000",
                "--repl-diskless-sync-delay",
                "0",
                "--cluster-config-file",
                "nodes.conf");
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "REDIS_CLUSTER_ENABLED",
                "True",
                "REDIS_CLUSTER_NODES",
                nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(",")));
    }

    public List<TestRedis> nodes() {
        return nodes;
    }

    /** Lets live masters serve their slots while other slots have no master, as the shipped configuration does. */
    public void serveInPart() {
        nodes.forEach(node -> {
            try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
                jedis.configSet("cluster-require-full-coverage", "no");
            }
        });
    }

    /** Returns whether a live node names another node than the dead one for a slot. */
    public boolean hasNewMaster(int slot, int dead) {
        try (Jedis jedis =
                new Jedis("127.0.0.1", nodes.get((dead + 1) % MASTERS).port())) {
            long owner = ownerOf(slot, jedis);
            return owner != 0 && owner != nodes.get(dead).port();
        }
    }

    /** Migrates a slot with all of its keys to another node, as resharding does. */
    public void move(int slot, int from, int to) {
        try (Jedis source = new Jedis("127.0.0.1", nodes.get(from).port());
                Jedis target = new Jedis("127.0.0.1", nodes.get(to).port())) {
            String sourceId = source.clusterMyId();
            String targetId = target.clusterMyId();
            target.clusterSetSlotImporting(slot, sourceId);
            source.clusterSetSlotMigrating(slot, targetId);
            migrateKeys(slot, source, nodes.get(to).port());
            target.clusterSetSlotNode(
                    slot, targetId); // before the source, as the documentation of CLUSTER SETSLOT demands
            source.clusterSetSlotNode(slot, targetId);
        }
        Eventually.holds("the nodes agree who owns the slot", Duration.ofSeconds(20), () -> ownsEverywhere(slot, to));
    }

    private boolean ownsEverywhere(int slot, int owner) {
        for (int node = 0; node < MASTERS; node++) {
            try (Jedis jedis = new Jedis("127.0.0.1", nodes.get(node).port())) {
                if (ownerOf(slot, jedis) != nodes.get(owner).port()) {
                    return false;
                }
            }
        }
        return true;
    }

    @SuppressWarnings("deprecation") // its replacement, CLUSTER SHARDS, came with Redis 7
    private static long ownerOf(int slot, Jedis jedis) {
        return jedis.clusterSlots().stream()
                .map(range -> (List<?>) range)
                .filter(range -> (Long) range.get(0) <= slot && slot <= (Long) range.get(1))
                .map(range -> (Long) ((List<?>) range.get(2)).get(1))
                .findFirst()
                .orElse(0L);
    }

    /** Migrates the keys of a slot without its ownership: the keys are on the new node, and the old node still owns the slot. */
    public void moveHalfway(int slot, int from, int to) {
        try (Jedis source = new Jedis("127.0.0.1", nodes.get(from).port());
                Jedis target = new Jedis("127.0.0.1", nodes.get(to).port())) {
            target.clusterSetSlotImporting(slot, source.clusterMyId());
            source.clusterSetSlotMigrating(slot, target.clusterMyId());
            migrateKeys(slot, source, nodes.get(to).port());
        }
    }

    private static void migrateKeys(int slot, Jedis source, int targetPort) {
        List<String> keys = source.clusterGetKeysInSlot(slot, 1000);
        keys.forEach(key -> source.migrate("127.0.0.1", targetPort, key, 0, 5000));
    }

    @Override
    public List<TestRedis> masters() {
        return nodes;
    }

    @Override
    public void close() {
        replicas.forEach(TestRedis::close);
        nodes.forEach(TestRedis::close);
    }
}
