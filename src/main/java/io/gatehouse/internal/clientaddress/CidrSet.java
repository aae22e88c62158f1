package io.gatehouse.internal.clientaddress;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** A set of networks and single addresses. The time of a lookup depends on how many different prefixes they have. Immutable. */
public final class CidrSet {
    private final Set<Network> networks;
    private final int[] ipv4Prefixes;
    private final int[] ipv6Prefixes;

    private CidrSet(Set<Network> networks) {
        this.networks = networks;
        this.ipv4Prefixes = prefixes(networks, true);
        this.ipv6Prefixes = prefixes(networks, false);
    }

    private static int[] prefixes(Set<Network> networks, boolean ipv4) {
        return networks.stream()
                .filter(network -> network.first().isIPv4() == ipv4)
                .mapToInt(Network::prefix)
                .distinct()
                .toArray();
    }

    /**
     * Creates a set.
     *
     * @throws IllegalArgumentException if a text is neither a network nor an address; the message says what was expected
     */
    public static CidrSet of(Collection<String> texts) {
        Set<Network> networks = new HashSet<>();
        for (String text : texts) {
            networks.add(AddressParser.network(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not '"
                                    + text + "'")));
        }
        return new CidrSet(networks);
    }

    /** Returns whether the full address of a client is in the set. */
    public boolean contains(ClientAddress client) {
        return contains(client.bits());
    }

    boolean contains(IpAddress address) {
        for (int prefix : address.isIPv4() ? ipv4Prefixes : ipv6Prefixes) {
            if (networks.contains(Network.of(address, prefix))) {
                return true;
            }
        }
        return false;
    }
}
