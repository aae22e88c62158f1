package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.AuthenticationInfo;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.web.WebSettings.SecurePolicy;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that carries the session token. The {@code <cookie-config>} of the application determines its attributes. The defaults
 * are HTTP only, {@code SameSite=Lax}, and over TLS {@code Secure} with the name prefix {@code __Host-} (RFC 6265bis, section
 * 4.1.3). Over TLS a cookie without the prefix is not read, so an attacker cannot plant one over plain HTTP.
 */
final class SessionCookie {
    private static final String DEFAULT_NAME = "sid";
    private static final String CONTAINER_NAME = "JSESSIONID";
    private static final String DEVICE = "-device";

    private final boolean named;
    private final String name;
    private final CookiePath path;
    private final @Nullable String domain;
    private final boolean alwaysSecure;
    private final int maxAge;
    private final Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    /** The cookie for requests without a dispatch, or null if this is that cookie. */
    private final @Nullable SessionCookie direct;

    SessionCookie(WebSettings settings, ServletContext context, Container container) {
        SessionCookieConfig config = context.getSessionCookieConfig();
        String configured = settings.cookieName().isEmpty() ? config.getName() : settings.cookieName();
        this.named = configured != null && !configured.isEmpty() && !configured.equals(CONTAINER_NAME);
        this.name = configured != null && named ? configured : DEFAULT_NAME;
        this.path = CookiePath.of(settings.cookiePath(), context, container);
        this.domain = config.getDomain() == null || config.getDomain().isEmpty() ? null : config.getDomain();
        this.alwaysSecure = config.isSecure() || settings.cookieSecure() == SecurePolicy.ALWAYS;
        this.maxAge = config.getMaxAge();
        attributes.put("SameSite", settings.cookieSameSite().text());
        attributes.putAll(attributesOf(config));
        List.of("Name", "Domain", "Path", "Secure", "HttpOnly", "Max-Age", "Comment")
                .forEach(attributes::remove);
        this.direct = null;
    }

    /** Creates the cookie for dispatches from another context: with the path of that context, and with a distinct name. */
    private SessionCookie(SessionCookie direct, String otherContext) {
        this.named = direct.named;
        this.name = direct.name + "." + direct.path.label();
        this.path = CookiePath.of(otherContext);
        this.domain = direct.domain;
        this.alwaysSecure = direct.alwaysSecure;
        this.maxAge = direct.maxAge;
        attributes.putAll(direct.attributes);
        this.direct = direct;
    }

    /**
     * Returns the cookie that the client of a request will send again. If another application dispatches the request to this one, and
     * browsers do not send this cookie to that application, it is a cookie with the path of that application.
     */
    SessionCookie forClientOf(HttpServletRequest request) {
        String from = CookiePath.dispatchedFrom(request);
        return from == null || path.reaches(from) ? this : new SessionCookie(this, from);
    }

    private static Map<String, String> attributesOf(SessionCookieConfig config) {
        try {
            Map<String, String> all = config.getAttributes();
            return all == null ? Map.of() : all;
        } catch (NullPointerException e) {
            return Map.of(); // thrown by Payara 6 if there are no attributes
        }
    }

    /** Returns all values of the session cookie in the request, in order; {@code getCookies()} of WildFly has only one of each name. */
    List<String> values(HttpServletRequest request) {
        List<String> values = values(request, nameFor(request));
        if (direct == null) {
            return values;
        }
        List<String> all = new ArrayList<>(values);
        all.addAll(direct.values(request));
        return all;
    }

    /** Returns all values of the device cookie in the request. */
    List<String> deviceValues(HttpServletRequest request) {
        return values(request, nameFor(request) + DEVICE);
    }

    /** Returns all values of a cookie in the request. */
    static List<String> values(HttpServletRequest request, String name) {
        Enumeration<String> headers = request.getHeaders("Cookie");
        if (headers == null || !headers.hasMoreElements()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        while (headers.hasMoreElements()) {
            addValues(headers.nextElement(), name, values);
        }
        return values;
    }

    /** Adds the values of a cookie in a header. Copies nothing else, because browsers send many cookies with every request. */
    private static void addValues(String header, String name, List<String> values) {
        int start = 0;
        while (start < header.length()) {
            int separator = header.indexOf(';', start);
            int end = separator < 0 ? header.length() : separator;
            while (start < end && header.charAt(start) <= ' ') {
                start++;
            }
            int value = start + name.length() + 1;
            if (value <= end && header.startsWith(name, start) && header.charAt(value - 1) == '=') {
                values.add(header.substring(value, end).trim());
            }
            start = end + 1;
        }
    }

    /** Returns a cookie with a token. The cookie of a remembered session lives as long as the session in Redis. */
    Cookie carrying(String token, HttpServletRequest request, Session session) {
        AuthenticationInfo facts = session.facts();
        if (!facts.remembered() || facts.expiresAt() == null) {
            return cookie(nameFor(request), token, maxAge, request);
        }
        long seconds = Duration.between(facts.now(), facts.expiresAt()).toSeconds();
        return cookie(nameFor(request), token, age(seconds), request);
    }

    /** Returns a cookie that makes the browser remove this cookie. */
    Cookie removal(HttpServletRequest request) {
        return cookie(nameFor(request), "", 0, request);
    }

    /** Returns the device cookie, by which an account recognizes the browser. */
    Cookie device(String value, Duration lifetime, HttpServletRequest request) {
        return cookie(nameFor(request) + DEVICE, value, age(lifetime.toSeconds()), request);
    }

    private static int age(long seconds) {
        return (int) Math.max(1, Math.min(seconds, Integer.MAX_VALUE));
    }

    private Cookie cookie(String cookieName, String value, int age, HttpServletRequest request) {
        Cookie cookie = new Cookie(cookieName, value);
        cookie.setPath(path.in(request));
        if (domain != null) {
            cookie.setDomain(domain);
        }
        cookie.setHttpOnly(true);
        cookie.setSecure(isSecure(request));
        cookie.setMaxAge(age);
        attributes.forEach(cookie::setAttribute);
        return cookie;
    }

    private String nameFor(HttpServletRequest request) {
        if (named || !isSecure(request)) {
            return name;
        }
        return (path.in(request).equals("/") && domain == null ? "__Host-" : "__Secure-") + name;
    }

    private boolean isSecure(HttpServletRequest request) {
        return alwaysSecure || request.isSecure();
    }
}
