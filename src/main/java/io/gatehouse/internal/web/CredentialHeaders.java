package io.gatehouse.internal.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The headers with cookies and credentials. They are not stored with a request that waits for a login: it gets those of the request that
 * continues it.
 */
public final class CredentialHeaders {
    private static final List<String> NAMES = List.of("Cookie", "Authorization", "Proxy-Authorization");

    private CredentialHeaders() {}

    public static boolean contains(String name) {
        return NAMES.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** Passes on the cookies, as headers and parsed, and the credentials of the request that continues another one. */
    public static void copy(
            HttpServletRequest present, BiConsumer<String, String> addHeader, Consumer<Cookie> addCookie) {
        for (String name : NAMES) {
            Collections.list(present.getHeaders(name)).forEach(value -> addHeader.accept(name, value));
        }
        Cookie[] cookies = present.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            addCookie.accept(cookie);
        }
    }
}
