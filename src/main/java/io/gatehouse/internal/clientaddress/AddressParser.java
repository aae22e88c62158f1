package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses addresses and networks as people and proxies write them, and rejects every ambiguous notation. Stateless.
 *
 * <p>An IPv4 address is four decimal numbers without leading zeros. {@code 010.0.0.1}, {@code 0x7f.1} and {@code 2130706433} mean
 * different addresses to different programs (RFC 6943, section 3.1.1), so they are rejected. An IPv6 address follows RFC 4291, section
 * 2.2; its zone is dropped, and {@code ::ffff:192.0.2.1} equals {@code 192.0.2.1}. Host names are never resolved.
 */
public final class AddressParser {
    private static final Pattern ADDRESS = Pattern.compile("([0-9A-Fa-f.:]{2,45})(%[!-~&&[^/]]{1,32})?");
    private static final Pattern NETWORK = Pattern.compile("([^/]+)/(0|[1-9][0-9]{0,2})");
    /** A node of RFC 7239, section 6: an address, in brackets if it is IPv6, with an optional port or obfuscated port. */
    private static final Pattern NODE =
            Pattern.compile("(?:\\[([^]]*:[^]]*)]|([0-9.]+))(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?");

    private static final int LONGEST_NODE = 128;
    private static final int MAPPED_BITS = 96;
    private static final IPAddressStringParameters STRICT = strict();

    private AddressParser() {}

    /** Parses an address; returns empty if the text is not one address. */
    static Optional<IPAddress> address(String text) {
        return exactAddress(text).map(AddressParser::unmapped);
    }

    /** Parses the node that a proxy names; returns empty if it is obfuscated or invalid. */
    public static Optional<IPAddress> node(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        String bare = quoted ? text.substring(1, text.length() - 1) : text;
        if (bare.length() > LONGEST_NODE) {
            return Optional.empty();
        }
        Matcher node = NODE.matcher(bare);
        if (!node.matches()) {
            return address(bare);
        }
        return address(node.group(1) != null ? node.group(1) : node.group(2));
    }

    /** Parses a network such as {@code 10.0.0.0/8}, or an address; returns empty if bits are set after the prefix. */
    static Optional<IPAddress> network(String text) {
        Matcher network = NETWORK.matcher(text);
        if (!network.matches()) {
            return address(text);
        }
        int prefix = Integer.parseInt(network.group(2));
        return exactAddress(network.group(1))
                .filter(address -> prefix <= address.getBitCount()
                        && address.toPrefixBlock(prefix).getLower().equals(address))
                .map(address -> isMapped(address)
                        ? unmapped(address).toPrefixBlock(prefix - MAPPED_BITS)
                        : address.toPrefixBlock(prefix));
    }

    private static Optional<IPAddress> exactAddress(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || (address.group(2) != null && text.indexOf(':') < 0)) {
            return Optional.empty();
        }
        return Optional.ofNullable(new IPAddressString(address.group(1), STRICT).getAddress());
    }

    private static boolean isMapped(IPAddress address) {
        return address instanceof IPv6Address six && six.isIPv4Mapped();
    }

    private static IPAddress unmapped(IPAddress address) {
        return address instanceof IPv6Address six && six.isIPv4Mapped() ? six.getEmbeddedIPv4Address() : address;
    }

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder options = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allow_inet_aton(false);
        options.getIPv4AddressParametersBuilder().allowLeadingZeros(false).allowBinary(false);
        options.getIPv6AddressParametersBuilder()
                .allow_mixed_inet_aton(false)
                .allowBase85(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false)
                .getEmbeddedIPv4AddressParametersBuilder()
                .allowLeadingZeros(false)
                .allowBinary(false);
        return options.toParams();
    }
}
