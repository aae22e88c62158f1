package io.gatehouse.internal.clientaddress;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses addresses and networks as people and proxies write them, and rejects every ambiguous notation. Stateless.
 *
 * <p>An IPv4 address is four decimal numbers without leading zeros. {@code 010.0.0.1}, {@code 0x7f.1} and {@code 2130706433} mean
 * different addresses to different programs (RFC 6943, section 3.1.1), so they are rejected. An IPv6 address follows RFC 4291, section
 * 2.2; its zone is dropped, and {@code ::ffff:192.0.2.1} equals {@code 192.0.2.1}. Host names are never resolved.
 */
final class AddressParser {
    private static final Pattern ADDRESS = Pattern.compile("([0-9A-Fa-f.:]{2,45})(%[!-~&&[^/]]{1,32})?");
    private static final Pattern NETWORK = Pattern.compile("([^/]+)/(0|[1-9][0-9]{0,2})");
    /** A node of RFC 7239, section 6: an address, in brackets if it is IPv6, with an optional port or obfuscated port. */
    private static final Pattern NODE =
            Pattern.compile("(?:\\[([^]]*:[^]]*)]|([0-9.]+))(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?");

    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");

    private static final int LONGEST_NODE = 128;
    private static final int MAPPED_BITS = 96;
    private static final int GROUPS = 8;

    private AddressParser() {}

    /** Parses an address; returns empty if the text is not one address. */
    static Optional<IpAddress> address(String text) {
        return exactAddress(text).map(AddressParser::unmapped);
    }

    /** Parses the node that a proxy names; returns empty if it is obfuscated or invalid. */
    static Optional<IpAddress> node(String text) {
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
    static Optional<Network> network(String text) {
        Matcher network = NETWORK.matcher(text);
        if (!network.matches()) {
            return address(text).map(address -> new Network(address, address.length()));
        }
        int prefix = Integer.parseInt(network.group(2));
        return exactAddress(network.group(1))
                .filter(address ->
                        prefix <= address.length() && address.first(prefix).equals(address))
                .map(address -> isMapped(address)
                        ? new Network(unmapped(address), prefix - MAPPED_BITS)
                        : new Network(address, prefix));
    }

    private static Optional<IpAddress> exactAddress(String text) {
        Matcher address = ADDRESS.matcher(text);
        boolean six = text.indexOf(':') >= 0;
        if (!address.matches() || (address.group(2) != null && !six)) {
            return Optional.empty();
        }
        return Optional.ofNullable(six ? ipv6(address.group(1)) : ipv4(address.group(1)));
    }

    private static @Nullable IpAddress ipv4(String text) {
        Matcher numbers = IPV4.matcher(text);
        if (!numbers.matches()) {
            return null;
        }
        long bits = 0;
        for (int i = 1; i <= numbers.groupCount(); i++) {
            String digits = numbers.group(i);
            int number = Integer.parseInt(digits);
            if (number > 0xff || (digits.length() > 1 && digits.charAt(0) == '0')) {
                return null;
            }
            bits = bits << Byte.SIZE | number;
        }
        return IpAddress.ofIPv4(bits);
    }

    private static @Nullable IpAddress ipv6(String text) {
        String hexadecimal = text;
        if (text.indexOf('.') >= 0) { // the last 32 bits are written as an IPv4 address
            int last = text.lastIndexOf(':') + 1;
            IpAddress four = ipv4(text.substring(last));
            if (four == null) {
                return null;
            }
            hexadecimal = text.substring(0, last)
                    + Long.toHexString(four.low() >>> Short.SIZE)
                    + ':'
                    + Long.toHexString(four.low() & 0xffff);
        }
        int gap = hexadecimal.indexOf("::");
        long[] before = groups(gap < 0 ? hexadecimal : hexadecimal.substring(0, gap));
        long[] after = groups(gap < 0 ? "" : hexadecimal.substring(gap + 2));
        if (before == null || after == null) {
            return null;
        }
        int given = before.length + after.length;
        if (gap < 0 ? given != GROUPS : given >= GROUPS) {
            return null;
        }
        long[] all = Arrays.copyOf(before, GROUPS);
        System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
        return IpAddress.ofIPv6(half(all, 0), half(all, GROUPS / 2));
    }

    /** Returns the numbers between the colons; null if one does not have one to four digits. */
    private static long @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new long[0];
        }
        String[] texts = text.split(":", -1);
        long[] groups = new long[texts.length];
        for (int i = 0; i < texts.length; i++) {
            if (!GROUP.matcher(texts[i]).matches()) {
                return null;
            }
            groups[i] = Long.parseLong(texts[i], 16);
        }
        return groups.length > GROUPS ? null : groups;
    }

    private static long half(long[] groups, int from) {
        return groups[from] << 48 | groups[from + 1] << 32 | groups[from + 2] << 16 | groups[from + 3];
    }

    private static boolean isMapped(IpAddress address) {
        return address.hasFirst96(0, 0xffff);
    }

    private static IpAddress unmapped(IpAddress address) {
        return isMapped(address) ? IpAddress.ofIPv4(address.low()) : address;
    }
}
