package io.gatehouse.internal.clientaddress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Determines the client address of a request: the nearest hop that is not a trusted proxy. Thread-safe.
 *
 * <p>Clients can send forwarding headers themselves, so a header counts only if the peer is a trusted proxy. It is read from the right,
 * where the proxies append: trusted addresses are skipped, and the first other address is the client. Reading stops at an element that is
 * not an address ({@code unknown}, {@code _hidden}, empty or malformed), because the origin of everything to its left is unknown. In that
 * case, and if all addresses are trusted, the last address read is the client. Only the configured header is read, because a proxy that
 * writes one header passes the other on unchanged, as the client sent it.
 */
public final class ClientAddressResolver {
    private static final System.Logger LOG = System.getLogger(ClientAddressResolver.class.getName());

    /** The address of a peer without an address, such as a Unix socket (RFC 4291, section 2.5.2). */
    private static final IpAddress UNSPECIFIED = AddressParser.address("::").orElseThrow();

    /** The private networks (RFC 6890), in which a peer with a forwarding header is probably a proxy that is not configured. */
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

    /** Longer texts are parsed each time, so that clients cannot fill the memory with them. */
    private static final int LONGEST_CACHED = 200;

    private static final int MOST_CACHED = 10_000;

    private final ClientAddressSettings settings;
    private final Cache<String, Peer> peers =
            Caffeine.newBuilder().maximumSize(MOST_CACHED).build();
    private final Cache<Forwarded, ClientAddress> forwarded =
            Caffeine.newBuilder().maximumSize(MOST_CACHED).build();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * The other end of a connection.
     *
     * @param client the client if no header counts
     */
    private record Peer(IpAddress address, boolean trusted, boolean inPrivateNetwork, ClientAddress client) {}

    /** The text of a trusted peer, and the values of its forwarding header. */
    private record Forwarded(String peer, List<String> values) {
        boolean isShort() {
            int length = 0;
            for (String value : values) {
                length += value.length();
            }
            return length <= LONGEST_CACHED && values.size() <= LONGEST_CACHED;
        }
    }

    public ClientAddressResolver(ClientAddressSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the client address of a request.
     *
     * @param peer the address of the connection's other end; an invalid or missing one counts as {@code ::}
     * @param headers returns all occurrences of a header, in order, by its name
     */
    public ClientAddress of(@Nullable String peer, Function<String, List<String>> headers) {
        String text = peer == null ? "" : peer;
        Peer known = text.length() > LONGEST_CACHED ? peer(text) : peers.get(text, this::peer);
        if (!known.trusted()) {
            warnOfUnknownProxy(known, headers);
            return known.client();
        }
        List<String> values = headers.apply(settings.header().text());
        if (values.isEmpty()) {
            return known.client();
        }
        Forwarded key = new Forwarded(text, List.copyOf(values));
        return key.isShort() ? forwarded.get(key, any -> client(known, any.values())) : client(known, key.values());
    }

    private Peer peer(String text) {
        IpAddress address = AddressParser.node(text).orElse(UNSPECIFIED);
        return new Peer(
                address,
                isTrusted(address),
                PRIVATE.contains(address),
                new ClientAddress(address, settings.ipv6Prefix()));
    }

    private ClientAddress client(Peer peer, List<String> values) {
        return new ClientAddress(client(peer.address(), values), settings.ipv6Prefix());
    }

    /**
     * Parses an address, with the configured IPv6 prefix.
     *
     * @throws IllegalArgumentException if the text is not one address
     */
    public ClientAddress parse(String text) {
        return ClientAddress.parse(text, settings.ipv6Prefix());
    }

    private IpAddress client(IpAddress peer, List<String> values) {
        IpAddress nearest = peer;
        for (String element : ForwardingHeader.fromRight(values)) {
            Optional<IpAddress> hop = settings.header().hop(element);
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

    private boolean isTrusted(IpAddress address) {
        return settings.trustedProxies().contains(address);
    }

    private void warnOfUnknownProxy(Peer peer, Function<String, List<String>> headers) {
        boolean isProxy = !warned.get()
                && peer.inPrivateNetwork()
                && !(headers.apply(ForwardingHeader.X_FORWARDED_FOR.text()).isEmpty()
                        && headers.apply(ForwardingHeader.FORWARDED.text()).isEmpty());
        if (isProxy && warned.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "requests arrive through proxy {0}, which is not in {1}; all its clients count as one address",
                    peer.client(),
                    ClientAddressSettings.TRUSTED_PROXIES.name());
        }
    }
}
