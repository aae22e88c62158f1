package io.gatehouse.internal.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the accounts that a request presents to the container: in the form of Jakarta Servlet (section 13.6.3), or in an
 * {@code Authorization} header with the schemes Basic (RFC 7617) and Digest (RFC 7616).
 */
final class ContainerCredentials {
    private static final String FORM = "/j_security_check";
    private static final String FIELD = "j_username";
    /** The number of Base64 digits of three bytes. */
    private static final int DIGITS = 4;

    private static final Pattern BASIC = Pattern.compile("(?i)basic\\s(.*)");
    private static final String DIGEST = "digest";
    /** A field of a header with the scheme Digest: its name, and its value in quotes or without. */
    private static final Pattern DIGEST_FIELD =
            Pattern.compile("([\\w*-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]*))");

    private static final Pattern STALE = Pattern.compile("(?i)^\\s*digest\\b.*\\bstale\\s*=\\s*\"?true\\b");

    private ContainerCredentials() {}

    /**
     * Returns the status that says whether the credentials of a request were right. A 401 that only asks for the same ones with a fresh nonce
     * (RFC 7616, section 3.3) is no failure: each node has nonces of its own. An error page does not make a 401 a success.
     */
    static int outcome(HttpServletRequest request, HttpServletResponse response, int sent) {
        Object replaced = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = Integer.valueOf(HttpServletResponse.SC_UNAUTHORIZED).equals(replaced)
                ? HttpServletResponse.SC_UNAUTHORIZED
                : sent;
        boolean stale = status == HttpServletResponse.SC_UNAUTHORIZED
                && response.getHeaders("WWW-Authenticate").stream()
                        .anyMatch(challenge -> STALE.matcher(challenge).find());
        return stale ? HttpServletResponse.SC_OK : status;
    }

    /**
     * Returns whether a request is for the container's login form. Jetty takes any path below it for it as well.
     *
     * @param path the path of the request, without parameters
     */
    static boolean isForm(HttpServletRequest request, String path) {
        return path.endsWith(FORM) || path.contains(FORM + '/') || isEncodedForm(request.getRequestURI());
    }

    /** WildFly decodes the whole URI, also slashes and semicolons that are no separators for the servlet mapping. */
    private static boolean isEncodedForm(String uri) {
        if (uri.indexOf('%') < 0) {
            return false;
        }
        try {
            String decoded = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.substring(decoded.lastIndexOf('/') + 1)
                    .split(";", 2)[0]
                    .equals(FORM.substring(1));
        } catch (IllegalArgumentException e) { // no container decodes it
            return false;
        }
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

    /**
     * Returns the accounts in all {@code Authorization} headers, because containers differ in which one they read; an attempt without an
     * account if one cannot be read.
     */
    static TypedAccounts ofHeader(HttpServletRequest request) {
        TypedAccounts all = TypedAccounts.NONE;
        Enumeration<String> headers = request.getHeaders("Authorization");
        while (headers != null && headers.hasMoreElements()) {
            TypedAccounts more = ofHeader(headers.nextElement());
            all = more.isNone() ? all : all.and(more);
        }
        return all;
    }

    private static TypedAccounts ofHeader(String header) {
        Matcher basic = BASIC.matcher(header);
        if (basic.matches()) {
            return inHeader(Set.of(basic(basic.group(1))));
        }
        return header.regionMatches(true, 0, DIGEST, 0, DIGEST.length())
                ? inHeader(digest(header.substring(DIGEST.length())))
                : TypedAccounts.NONE;
    }

    private static TypedAccounts inHeader(Set<String> accounts) {
        Set<String> named = new LinkedHashSet<>(accounts);
        named.removeIf(String::isBlank);
        return new TypedAccounts(named, named.isEmpty(), false, true);
    }

    /** Decodes also what is not quite Base64, because some containers do. */
    private static String basic(String encoded) {
        String digits = encoded.replace('-', '+').replace('_', '/').replaceAll("[^A-Za-z0-9+/]", "");
        boolean dangling = digits.length() % DIGITS == 1;
        byte[] pair = Base64.getDecoder().decode(dangling ? digits.substring(0, digits.length() - 1) : digits);
        String text = new String(pair, StandardCharsets.UTF_8);
        String read = text.indexOf('\uFFFD') < 0 ? text : new String(pair, StandardCharsets.ISO_8859_1);
        int colon = read.indexOf(':');
        return colon < 0 ? read : read.substring(0, colon);
    }

    /** Returns all accounts, because containers differ in which of several they take. */
    private static Set<String> digest(String fields) {
        Set<String> accounts = new LinkedHashSet<>();
        Matcher field = DIGEST_FIELD.matcher(fields);
        while (field.find()) {
            String value =
                    field.group(2) == null ? field.group(3) : field.group(2).replaceAll("\\\\(.)", "$1");
            switch (field.group(1).toLowerCase(Locale.ROOT)) {
                case "username" -> accounts.add(value);
                case "username*" -> accounts.add(extended(value));
                default -> {}
            }
        }
        return accounts;
    }

    /** Decodes a value with a character encoding (RFC 8187). */
    private static String extended(String value) {
        try {
            String encoded = value.substring(value.lastIndexOf('\'') + 1);
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
