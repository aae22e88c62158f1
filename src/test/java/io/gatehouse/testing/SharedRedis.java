package io.gatehouse.testing;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The Redis deployments that the test classes of this JVM share: one per topology and list of arguments. Thread-safe. */
final class SharedRedis {
    private static final Map<Kind, RedisDeployment> STARTED = new HashMap<>();
    private static final Set<RedisDeployment> IN_USE = new LinkedHashSet<>();

    private record Kind(Topology topology, List<String> arguments) {}

    private SharedRedis() {}

    /** Returns a deployment, and flushes it on the first use by the current test class. */
    static synchronized RedisDeployment of(Topology topology, List<String> arguments) {
        if (STARTED.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(SharedRedis::closeAll, "shared-redis-stop"));
        }
        RedisDeployment deployment = STARTED.computeIfAbsent(
                new Kind(topology, List.copyOf(arguments)), kind -> topology.start(kind.arguments()));
        if (IN_USE.add(deployment)) {
            deployment.flush();
        }
        return deployment;
    }

    /**
     * Returns what the current test class may use: every standalone server, because a static field of the class may have been
     * initialized on behalf of an earlier class, and the other deployments that it has asked for.
     */
    static synchronized List<RedisDeployment> inUse() {
        Set<RedisDeployment> all = new LinkedHashSet<>(IN_USE);
        STARTED.forEach((kind, deployment) -> {
            if (kind.topology() == Topology.STANDALONE) {
                all.add(deployment);
            }
        });
        return List.copyOf(all);
    }

    /** Ends the use by a test class. */
    static synchronized void release() {
        IN_USE.clear();
    }

    private static synchronized void closeAll() {
        for (RedisDeployment deployment : STARTED.values()) {
            try {
                deployment.close();
            } catch (RuntimeException | AssertionError e) {
                System.err.println("Could not stop a shared Redis: " + e); // stop the others as well
            }
        }
    }
}
