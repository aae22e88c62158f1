package io.gatehouse.internal.clientaddress;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * The settings of client addresses.
 *
 * @param trustedProxies the proxies whose forwarding header is trusted
 * @param header the forwarding header that they write
 * @param ipv6Prefix the number of leading bits of an IPv6 address that identify a client
 */
public record ClientAddressSettings(CidrSet trustedProxies, ForwardingHeader header, int ipv6Prefix) {
    static final Setting<List<String>> TRUSTED_PROXIES = Setting.list(
            "GATEHOUSE_TRUSTED_PROXIES",
            "",
            "Addresses and networks of the proxies in front of the application, separated by commas: `192.0.2.0/28,2001:db8:0:7::/64`. The client address is taken from the forwarding header only if one of them sends the request.");
    static final Setting<ForwardingHeader> HEADER = Setting.choice(
            "GATEHOUSE_FORWARDED_HEADER",
            ForwardingHeader.X_FORWARDED_FOR,
            "The forwarding header that the trusted proxies write: `x-forwarded-for`, or `forwarded` (RFC 7239). The other one is not read.");
    static final Setting<Integer> IPV6_PREFIX = Setting.number(
            "GATEHOUSE_IPV6_PREFIX",
            ClientAddress.IPV6_PREFIX,
            32,
            128,
            "The number of leading bits of an IPv6 address that identify one client.");

    /** All settings of client addresses. */
    public static final List<Setting<?>> ALL = List.of(TRUSTED_PROXIES, HEADER, IPV6_PREFIX);

    /** Reads the settings, and reports problems to the configuration. */
    public static ClientAddressSettings from(Config config) {
        return new ClientAddressSettings(trusted(config), config.read(HEADER), config.read(IPV6_PREFIX));
    }

    /**
     * The size of a network of {@link #trustedProxies}.
     *
     * <p>{@code WIDE} networks have more addresses than one site has proxies: IPv4 networks with a prefix below 16, and IPv6 networks with
     * a prefix below 48, the size that a site is assigned (RFC 6177).
     */
    public enum Reach {
        NARROW,
        WIDE,
        EVERYBODY
    }

    /** Returns the size of a network as written in the setting; {@code NARROW} if the text is not a network. */
    public static Reach reach(String network) {
        return AddressParser.network(network)
                .map(block -> {
                    int bits = block.prefix();
                    int site = block.first().isIPv4() ? 16 : 48;
                    return bits == 0 ? Reach.EVERYBODY : bits < site ? Reach.WIDE : Reach.NARROW;
                })
                .orElse(Reach.NARROW);
    }

    private static CidrSet trusted(Config config) {
        try {
            return CidrSet.of(config.read(TRUSTED_PROXIES));
        } catch (IllegalArgumentException e) {
            config.problem(TRUSTED_PROXIES, e.getMessage());
            return CidrSet.of(List.of());
        }
    }
}
