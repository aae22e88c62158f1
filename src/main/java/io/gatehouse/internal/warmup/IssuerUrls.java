package io.gatehouse.internal.warmup;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parses the issuer URLs of OpenID Connect providers, and decides which URLs may be requested. */
public final class IssuerUrls {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String EXPECTED = "https URLs without query, fragment or user, separated by commas";

    private IssuerUrls() {}

    /**
     * Returns the issuers of a list between commas.
     *
     * @throws IllegalArgumentException if one is not an https URL without query, fragment and user
     */
    public static List<URI> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(IssuerUrls::parse)
                .toList();
    }

    private static URI parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(EXPECTED, e);
        }
        if (!isAllowed(uri, false) || uri.getRawQuery() != null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return uri;
    }

    /** Returns the URL of the provider configuration. One trailing slash is removed first (OpenID Connect Discovery 1.0, 4.1). */
    static URI configuration(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** Returns whether a URL may be requested: only with TLS, or on the loopback interface if {@code plainLoopback} (for tests). */
    static boolean isAllowed(URI uri, boolean plainLoopback) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        return host != null
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null
                && (scheme.equals("https") || (plainLoopback && scheme.equals("http") && LOOPBACK.contains(host)));
    }
}
