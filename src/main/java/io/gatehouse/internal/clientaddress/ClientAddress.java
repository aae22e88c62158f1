package io.gatehouse.internal.clientaddress;

import java.util.Optional;
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

    /** The first bits of addresses that embed an IPv4 address. */
    private static final long SIX_TO_FOUR = 0x2002;

    private static final long TEREDO = 0x2001_0000L;
    private static final long NAT64 = 0x0064_ff9b_0000_0000L;

    private final IpAddress bits;
    private final int ipv6Prefix;
    /** What {@link #ip} and {@link #network} return; found out at the first call, whose threads find the same. */
    private @Nullable String ip;

    private @Nullable String network;

    ClientAddress(IpAddress bits, int ipv6Prefix) {
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
        IpAddress bits = AddressParser.address(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected an IPv4 address in four decimal numbers, or an IPv6 address"));
        return new ClientAddress(bits, ipv6Prefix);
    }

    /**
     * Parses the node that a proxy or an access log names: an address, which may have a port; returns empty if it is obfuscated or invalid.
     *
     * @param ipv6Prefix the number of leading bits of an IPv6 address that identify a client
     */
    public static Optional<ClientAddress> ofNode(String text, int ipv6Prefix) {
        return AddressParser.node(text).map(bits -> new ClientAddress(bits, ipv6Prefix));
    }

    private static IpAddress unwrapped(IpAddress address) {
        if (address.isIPv4()) {
            return address;
        }
        if (address.high() >>> 48 == SIX_TO_FOUR) {
            return IpAddress.ofIPv4(address.high() >>> 16);
        }
        if (address.high() >>> 32 == TEREDO) {
            return IpAddress.ofIPv4(~address.low());
        }
        boolean compatible = address.hasFirst96(0, 0) && address.low() > 1; // neither :: nor ::1
        boolean translated = address.hasFirst96(NAT64, 0) || address.hasFirst96(0, 0xffff_0000L);
        return compatible || translated ? IpAddress.ofIPv4(address.low()) : address;
    }

    IpAddress bits() {
        return bits;
    }

    /** Returns the text that counts as one client: an IPv4 address, or an IPv6 prefix such as {@code 2001:db8:1:2::/64}. */
    public String ip() {
        String known = ip;
        if (known == null) {
            known = bits.isIPv4() ? toString() : Network.of(bits, ipv6Prefix).toString();
            ip = known;
        }
        return known;
    }

    /** Returns the network, which often belongs to one customer or data centre: the /24 of an IPv4 address, the /48 of an IPv6 address. */
    public String network() {
        String known = network;
        if (known == null) {
            known = Network.of(bits, bits.isIPv4() ? IPV4_NETWORK : Math.min(IPV6_NETWORK, ipv6Prefix))
                    .toString();
            network = known;
        }
        return known;
    }

    /** Returns the full address in its canonical form (RFC 5952). */
    @Override
    public String toString() {
        return bits.toString();
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
