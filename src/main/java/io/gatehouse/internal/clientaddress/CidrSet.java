package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.format.util.DualIPv4v6Tries;
import java.util.Collection;

/** A set of networks and single addresses; asking takes no longer for many than for few. Immutable. */
public final class CidrSet {
    private final DualIPv4v6Tries tries = new DualIPv4v6Tries();

    private CidrSet() {}

    /** @throws IllegalArgumentException with what was expected, if one of them is neither a network nor an address */
    public static CidrSet of(Collection<String> texts) {
        CidrSet cidrSet = new CidrSet();
        for (String text : texts) {
            cidrSet.tries.add(AddressParser.network(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros behind the prefix, and not '"
                                    + text + "'")));
        }
        return cidrSet;
    }

    public boolean contains(IPAddress address) {
        return tries.elementContains(address);
    }
}
