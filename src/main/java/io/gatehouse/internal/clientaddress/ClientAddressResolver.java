package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells where requests come from: the nearest hop that is not one of our own proxies.
 *
 * <p>Anybody can send a header, so it counts only when a trusted proxy passed it on, and then from the right, where that
 * proxy wrote: trusted addresses are skipped, the first other one is the client. At what cannot be read ({@code unknown},
 * {@code _hidden}, an empty element, nonsense) the walk ends, for nobody knows who wrote what stands left of it; then, and when
 * all are trusted, the last one read counts. Only one of the two headers is ever read: a proxy that writes one passes the
 * other on as the client made it up. Safe for use by several threads.
 */
public final class ClientAddressResolver {
    private static final System.Logger LOG = System.getLogger(ClientAddressResolver.class.getName());

    /** What a peer without an address has, such as one at a Unix socket (RFC 4291, section 2.5.2). */
    private static final IPAddress UNSPECIFIED = AddressParser.address("::").orElseThrow();

    /** Where a proxy may be that nobody told us of (RFC 6890). */
    private static final CidrSet PRIVATE = CidrSet.of(List.of(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::/127",
            "fc00::/7",
            "fe80::/10"));

    private final ClientAddressSettings settings;
    private final AtomicBoolean warned = new AtomicBoolean();

    public ClientAddressResolver(ClientAddressSettings settings) {
        this.settings = settings;
    }

    /**
     * Where a request comes from, whatever was sent with it.
     *
     * @param peer the address at the other end of the connection; what is none counts as {@code ::}
     * @param headers every occurrence of a header, in order, by its name
     */
    public ClientAddress of(@Nullable String peer, Function<String, List<String>> headers) {
        IPAddress nearest =
                peer == null ? UNSPECIFIED : AddressParser.node(peer).orElse(UNSPECIFIED);
        if (isTrusted(nearest)) {
            nearest = client(nearest, headers.apply(settings.header().text()));
        } else {
            warnOfUnknownProxy(nearest, headers);
        }
        return new ClientAddress(nearest, settings.ipv6Prefix());
    }

    /**
     * An address that a person or another program wrote, counted as configured.
     *
     * @throws IllegalArgumentException if the text is not one address
     */
    public ClientAddress parse(String text) {
        return ClientAddress.parse(text, settings.ipv6Prefix());
    }

    private IPAddress client(IPAddress peer, List<String> values) {
        IPAddress nearest = peer;
        for (String element : ForwardingHeader.fromRight(values)) {
            Optional<IPAddress> hop = settings.header().hop(element);
            if (hop.isEmpty()) {
                return nearest;
            }
            nearest = hop.get();
            if (!isTrusted(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private boolean isTrusted(IPAddress address) {
        return settings.trustedProxies().contains(address);
    }

    private void warnOfUnknownProxy(IPAddress peer, Function<String, List<String>> headers) {
        boolean forwarded = !warned.get()
                && PRIVATE.contains(peer)
                && Arrays.stream(ForwardingHeader.values())
                        .anyMatch(header -> !headers.apply(header.text()).isEmpty());
        if (forwarded && warned.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "requests come through {0}, which is not in {1}: all its clients count as one address",
                    peer.toCanonicalString(),
                    ClientAddressSettings.TRUSTED_PROXIES.name());
        }
    }
}
