package io.gatehouse.internal.redis;

import java.util.List;

/** How the servers of one purpose are arranged. */
public sealed interface TopologySettings {

    /** The name in health answers. */
    String mode();

    record Standalone(HostPort address) implements TopologySettings {
        @Override
        public String mode() {
            return "standalone";
        }
    }

    record Sentinel(String masterName, List<HostPort> sentinels) implements TopologySettings {
        @Override
        public String mode() {
            return "sentinel";
        }
    }

    record Cluster(List<HostPort> nodes) implements TopologySettings {
        @Override
        public String mode() {
            return "cluster";
        }
    }
}
