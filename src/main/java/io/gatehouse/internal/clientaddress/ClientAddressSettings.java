package io.gatehouse.internal.clientaddress;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * Whose word counts about where a request comes from.
 *
 * @param trustedProxies who may say for whom they pass it on
 * @param header where they say it
 * @param ipv6Prefix how many first bits of an IPv6 address make a client
 */
public record ClientAddressSettings(CidrSet trustedProxies, ForwardingHeader header, int ipv6Prefix) {
    static final Setting<List<String>> TRUSTED_PROXIES = Setting.list(
            "GATEHOUSE_TRUSTED_PROXIES",
            "",
            "Addresses and networks of the proxies in front, between commas: `192.0.2.0/28,2001:db8:0:7::/64`. Only they are believed about the client's address.");
    static final Setting<ForwardingHeader> HEADER = Setting.choice(
            "GATEHOUSE_FORWARDED_HEADER",
            ForwardingHeader.X_FORWARDED_FOR,
            "The header in which they write it: `x-forwarded-for`, or `forwarded` (RFC 7239). The other one is not read.");
    static final Setting<Integer> IPV6_PREFIX = Setting.number(
            "GATEHOUSE_IPV6_PREFIX",
            ClientAddress.IPV6_PREFIX,
            32,
            128,
            "How many first bits of an IPv6 address count as one client.");

    /** Every setting about addresses. */
    public static final List<Setting<?>> ALL = List.of(TRUSTED_PROXIES, HEADER, IPV6_PREFIX);

    /** Reads everything and leaves what is wrong with the configuration. */
    public static ClientAddressSettings from(Config config) {
        return new ClientAddressSettings(trusted(config), config.read(HEADER), config.read(IPV6_PREFIX));
    }

    /**
     * How far trust in a network of {@link #trustedProxies} goes.
     *
     * <p>{@code WIDE} is what has more addresses than one site has proxies: IPv4 networks with a prefix below 16, IPv6 networks with
     * one below 48, which is what a site gets (RFC 6177).
     */
    public enum Reach {
        NARROW,
        WIDE,
        EVERYBODY
    }

    /** The reach of a network as the setting spells it; of what is no network it is narrow. */
    public static Reach reach(String network) {
        return AddressParser.network(network)
                .map(block -> {
                    Integer prefix = block.getNetworkPrefixLength();
                    int bits = prefix == null ? block.getBitCount() : prefix;
                    return bits == 0 ? Reach.EVERYBODY : bits < (block.isIPv4() ? 16 : 48) ? Reach.WIDE : Reach.NARROW;
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
