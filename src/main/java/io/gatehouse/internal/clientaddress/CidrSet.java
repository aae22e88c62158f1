package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.format.util.DualIPv4v6Tries;
import java.util.Collection;

/** A set of networks and single addresses. The time of a lookup does not depend on the size of the set. Immutable. */
public final class CidrSet {
    private final DualIPv4v6Tries tries = new DualIPv4v6Tries();

    private CidrSet() {}

    /**
     * Creates a set.
     *
     * @throws IllegalArgumentException if a text is neither a network nor an address; the message says what was expected
     */
    public static CidrSet of(Collection<String> texts) {
        CidrSet cidrSet = new CidrSet();
        for (String text : texts) {
            cidrSet.tries.add(AddressParser.network(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not '"
                                    + text + "'")));
        }
        return cidrSet;
    }

    /** Returns whether the address is in the set. */
    public boolean contains(IPAddress address) {
        return tries.elementContains(address);
    }
}
