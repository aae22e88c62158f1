package io.gatehouse.internal.clientaddress;

/**
 * An IPv4 or IPv6 address. Immutable.
 *
 * @param length the number of bits: 32 or 128
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
record IpAddress(int length, long high, long low) {
    private static final int IPV4_LENGTH = 32;
    private static final int IPV6_LENGTH = 128;
    private static final int GROUPS = 8;
    private static final int GROUP_BITS = 16;

    /** Returns the IPv4 address in the last 32 bits of a number. */
    static IpAddress ofIPv4(long bits) {
        return new IpAddress(IPV4_LENGTH, 0, bits & 0xffff_ffffL);
    }

    static IpAddress ofIPv6(long high, long low) {
        return new IpAddress(IPV6_LENGTH, high, low);
    }

    boolean isIPv4() {
        return length == IPV4_LENGTH;
    }

    /** Returns the first address of the network with this address and a prefix: all bits after the prefix are zero. */
    IpAddress first(int prefix) {
        return isIPv4()
                ? ofIPv4(low & leading(prefix + IPV4_LENGTH))
                : ofIPv6(high & leading(prefix), low & leading(prefix - Long.SIZE));
    }

    /** Returns a mask of the first bits of a long: none for zero or less, all for 64 or more. */
    private static long leading(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }

    /** Returns whether the first 96 bits are these; the last 32 are then an IPv4 address. */
    boolean hasFirst96(long first64, long next32) {
        return !isIPv4() && high == first64 && low >>> IPV4_LENGTH == next32;
    }

    /** Returns the canonical form (RFC 5952): lower case, and the first longest run of zero groups as two colons. */
    @Override
    public String toString() {
        return isIPv4()
                ? (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff)
                : groups();
    }

    private String groups() {
        int longest = 1; // a single zero group is written
        int from = GROUPS;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                from = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(i == 0 || i == from + longest ? "" : ":").append(Long.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private long group(int index) {
        long half = index < GROUPS / 2 ? high : low;
        int after = GROUPS / 2 - 1 - index % (GROUPS / 2);
        return half >>> (after * GROUP_BITS) & 0xffff;
    }
}
