package io.gatehouse.internal.redis;

import java.util.List;

/** The topology of the servers of one purpose. */
public sealed interface TopologySettings {

    /** Returns the name in health reports. */
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
