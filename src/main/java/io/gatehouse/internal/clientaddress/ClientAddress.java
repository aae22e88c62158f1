package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import org.jspecify.annotations.Nullable;

/**
 * The address of a client, in the form that limits count by. Immutable.
 *
 * <p>An IPv6 address that embeds an IPv4 address counts as that IPv4 address: mapped and compatible (RFC 4291, section 2.5.5), translated
 * (RFC 2765; the well-known prefix of NAT64, RFC 6052), 6to4 (RFC 3056) and Teredo (RFC 4380) addresses. Their first 64 bits are equal for
 * all clients, or for all clients of one relay, so a prefix would not distinguish them. Other IPv6 clients count by a prefix, because a
 * client with one IPv6 address usually controls its whole /64.
 */
public final class ClientAddress {
    static final int IPV6_PREFIX = 64;

    private static final int IPV4_NETWORK = 24;
    private static final int IPV6_NETWORK = 48;

    private final IPAddress bits;
    private final int ipv6Prefix;
    /** What {@link #ip} and {@link #network} return; found out at the first call, whose threads find the same. */
    private @Nullable String ip;

    private @Nullable String network;

    public ClientAddress(IPAddress bits, int ipv6Prefix) {
        this.bits = unwrapped(bits);
        this.ipv6Prefix = ipv6Prefix;
    }

    /**
     * Parses an address. IPv6 addresses count by their /64; {@link ClientAddressResolver#parse} uses the configured prefix.
     *
     * @throws IllegalArgumentException if the text is not one address
     */
    public static ClientAddress parse(String text) {
        return parse(text, IPV6_PREFIX);
    }

    static ClientAddress parse(String text, int ipv6Prefix) {
        IPAddress bits = AddressParser.address(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected an IPv4 address in four decimal numbers, or an IPv6 address"));
        return new ClientAddress(bits, ipv6Prefix);
    }

    private static IPAddress unwrapped(IPAddress address) {
        if (!(address instanceof IPv6Address six)) {
            return address;
        }
        if (six.is6To4()) {
            return six.get6To4IPv4Address();
        }
        if (six.isTeredo()) {
            return new IPv4Address(~six.getEmbeddedIPv4Address().intValue());
        }
        boolean compatible = six.isIPv4Compatible() && !six.isZero() && !six.isLoopback();
        boolean translated = six.isWellKnownIPv4Translatable() || six.isIPv4Translatable();
        return compatible || translated ? six.getEmbeddedIPv4Address() : six;
    }

    /** Returns the full address, for lookups in a {@link CidrSet}. */
    public IPAddress bits() {
        return bits;
    }

    /** Returns the text that counts as one client: an IPv4 address, or an IPv6 prefix such as {@code 2001:db8:1:2::/64}. */
    public String ip() {
        String known = ip;
        if (known == null) {
            known = bits.isIPv4() ? toString() : block(ipv6Prefix);
            ip = known;
        }
        return known;
    }

    /** Returns the network, which often belongs to one customer or data centre: the /24 of an IPv4 address, the /48 of an IPv6 address. */
    public String network() {
        String known = network;
        if (known == null) {
            known = block(bits.isIPv4() ? IPV4_NETWORK : Math.min(IPV6_NETWORK, ipv6Prefix));
            network = known;
        }
        return known;
    }

    private String block(int prefix) {
        return prefix == bits.getBitCount()
                ? toString()
                : bits.toPrefixBlock(prefix).toCanonicalString();
    }

    /** Returns the full address in its canonical form (RFC 5952). */
    @Override
    public String toString() {
        return bits.toCanonicalString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientAddress that && bits.equals(that.bits) && ipv6Prefix == that.ipv6Prefix;
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }
}
