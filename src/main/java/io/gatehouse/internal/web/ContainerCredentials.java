package io.gatehouse.internal.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the accounts that a request presents to the container: in the form of Jakarta Servlet (section 13.6.3), or in an
 * {@code Authorization} header with the schemes Basic (RFC 7617) and Digest (RFC 7616).
 */
final class ContainerCredentials {
    private static final String FORM = "/j_security_check";
    private static final String FIELD = "j_username";
    private static final String BASIC = "basic ";
    private static final String DIGEST = "digest ";
    private static final Pattern DIGEST_USER = Pattern.compile("\\busername\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern STALE = Pattern.compile("(?i)^\\s*digest\\b.*\\bstale\\s*=\\s*\"?true\\b");

    private ContainerCredentials() {}

    /**
     * Returns the status that says whether the credentials of a request were right. A 401 that only asks for the same ones with a fresh nonce
     * (RFC 7616, section 3.3) is no failure: each node has nonces of its own.
     */
    static int outcome(HttpServletResponse response, int status) {
        boolean stale = status == HttpServletResponse.SC_UNAUTHORIZED
                && response.getHeaders("WWW-Authenticate").stream()
                        .anyMatch(challenge -> STALE.matcher(challenge).find());
        return stale ? HttpServletResponse.SC_OK : status;
    }

    /** Returns whether a path, without parameters, is that of the container's login form. */
    static boolean isForm(String path) {
        return path.endsWith(FORM);
    }

    /** Returns the accounts in a request to the container's login form. The container reads the same parameters later. */
    static TypedAccounts ofForm(HttpServletRequest request) {
        String[] values = request.getParameterValues(FIELD);
        Set<String> accounts = new LinkedHashSet<>();
        for (String value : values == null ? new String[0] : values) {
            if (!value.isBlank()) {
                accounts.add(value);
            }
        }
        return new TypedAccounts(accounts, accounts.isEmpty(), false, false);
    }

    /** Returns the account in the {@code Authorization} header; an attempt without an account if it cannot be read. */
    static TypedAccounts ofHeader(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return TypedAccounts.NONE;
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return inHeader(basic(header.substring(BASIC.length()).strip()));
        }
        if (header.regionMatches(true, 0, DIGEST, 0, DIGEST.length())) {
            Matcher user = DIGEST_USER.matcher(header);
            return inHeader(user.find() ? user.group(1).replaceAll("\\\\(.)", "$1") : null);
        }
        return TypedAccounts.NONE;
    }

    private static TypedAccounts inHeader(@Nullable String account) {
        boolean named = account != null && !account.isBlank();
        return new TypedAccounts(named ? Set.of(account) : Set.of(), !named, false, true);
    }

    private static @Nullable String basic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? pair : pair.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
