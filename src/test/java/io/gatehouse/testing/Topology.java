package io.gatehouse.testing;

import java.util.List;

/** The topologies of Redis that Gatehouse supports, as a parameter of test classes. */
public enum Topology {
    STANDALONE,
    SENTINEL,
    CLUSTER;

    /**
     * Returns the deployment of this topology that all tests of this JVM share. The first call starts it. A test that stops,
     * pauses or reconfigures a server starts its own.
     */
    public RedisDeployment shared() {
        return SharedRedis.of(this, List.of());
    }

    RedisDeployment start(List<String> arguments) {
        return switch (this) {
            case STANDALONE -> TestRedis.start(arguments.toArray(String[]::new));
            case SENTINEL -> new TestSentinel();
            case CLUSTER -> new TestCluster();
        };
    }
}
