package io.gatehouse.redis;

import java.util.List;

/** How the servers of one purpose are arranged. */
sealed interface Topology {

    /** The name in health answers. */
    String mode();

    record Standalone(Address address) implements Topology {
        @Override
        public String mode() {
            return "standalone";
        }
    }

    record Sentinel(String masterName, List<Address> sentinels) implements Topology {
        @Override
        public String mode() {
            return "sentinel";
        }
    }

    record Cluster(List<Address> nodes) implements Topology {
        @Override
        public String mode() {
            return "cluster";
        }
    }
}
