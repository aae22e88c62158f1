package io.gatehouse.ratelimit;

import inet.ipaddr.IPAddress;
import inet.ipaddr.format.util.DualIPv4v6Tries;
import java.util.Collection;

/** A set of networks and single addresses; asking takes no longer for many than for few. Immutable. */
final class Networks {
    private final DualIPv4v6Tries tries = new DualIPv4v6Tries();

    private Networks() {}

    /** @throws IllegalArgumentException with what was expected, if one of them is neither a network nor an address */
    static Networks of(Collection<String> texts) {
        Networks networks = new Networks();
        for (String text : texts) {
            networks.tries.add(Notation.network(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros behind the prefix, and not '"
                                    + text + "'")));
        }
        return networks;
    }

    boolean contains(IPAddress address) {
        return tries.elementContains(address);
    }
}
