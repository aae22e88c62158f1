package io.gatehouse.internal.clientaddress;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** A set of networks and single addresses. The time of a lookup depends on how many different prefixes they have. Immutable. */
public final class CidrSet {
    private final Set<Network> networks;
    private final Set<Integer> ipv4Prefixes = new HashSet<>();
    private final Set<Integer> ipv6Prefixes = new HashSet<>();

    private CidrSet(Set<Network> networks) {
        this.networks = networks;
        for (Network network : networks) {
            prefixes(network.first()).add(network.prefix());
        }
    }

    /** Returns the prefixes of the networks that an address may be in. */
    private Set<Integer> prefixes(IpAddress address) {
        return address.isIPv4() ? ipv4Prefixes : ipv6Prefixes;
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
        for (int prefix : prefixes(address)) {
            if (networks.contains(Network.of(address, prefix))) {
                return true;
            }
        }
        return false;
    }
}
