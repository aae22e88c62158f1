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
    /** The cookie by which the same session is found without a dispatch, or null if this is it. */
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
        List.of("Domain", "Path", "Secure", "HttpOnly", "Max-Age", "Comment").forEach(attributes::remove);
        this.direct = null;
    }

    /** The same for dispatches from another context: with its path, which browsers send, and under a name of its own. */
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
     * The cookie by which the client of a request finds the session again. If another application dispatches the request to this
     * one, and the browser does not send the cookie of this one there, it is a cookie with the path of the other.
     */
    SessionCookie reachedBy(HttpServletRequest request) {
        String from = CookiePath.dispatchedFrom(request);
        return from == null || path.reaches(from) ? this : new SessionCookie(this, from);
    }

    private static Map<String, String> attributesOf(SessionCookieConfig config) {
        try {
            Map<String, String> all = config.getAttributes();
            return all == null ? Map.of() : all;
        } catch (NullPointerException e) {
            return Map.of(); // Payara 6 throws it when there are none
        }
    }

    /** Returns all values of the session cookie in the request, in order; {@code getCookies()} of WildFly has one of each name. */
    List<String> values(HttpServletRequest request) {
        List<String> values = new ArrayList<>(values(request, nameFor(request)));
        if (direct != null) {
            values.addAll(direct.values(request));
        }
        return values;
    }

    /** Every value that the request has for the cookie by which an account knows the browser. */
    List<String> deviceValues(HttpServletRequest request) {
        return values(request, nameFor(request) + DEVICE);
    }

    private static List<String> values(HttpServletRequest request, String name) {
        Enumeration<String> headers = request.getHeaders("Cookie");
        if (headers == null || !headers.hasMoreElements()) {
            return List.of();
        }
        String wanted = name + "=";
        List<String> values = new ArrayList<>(1);
        while (headers.hasMoreElements()) {
            for (String pair : headers.nextElement().split(";", -1)) {
                String cookie = pair.trim();
                if (cookie.startsWith(wanted)) {
                    values.add(cookie.substring(wanted.length()));
                }
            }
        }
        return values;
    }

    /** Returns the lifetime in the browser: a remembered session is kept there for as long as it lives in Redis. */
    Cookie carrying(String token, HttpServletRequest request, Session session) {
        AuthenticationInfo facts = session.facts();
        if (!facts.remembered() || facts.expiresAt() == null) {
            return cookie(nameFor(request), token, maxAge, request);
        }
        long seconds = Duration.between(facts.now(), facts.expiresAt()).toSeconds();
        return cookie(nameFor(request), token, age(seconds), request);
    }

    /** Makes the browser forget the cookie. */
    Cookie removal(HttpServletRequest request) {
        return cookie(nameFor(request), "", 0, request);
    }

    /** Lets an account know the browser again. */
    Cookie device(String value, Duration lifetime, HttpServletRequest request) {
        return cookie(nameFor(request) + DEVICE, value, age(lifetime.toSeconds()), request);
    }

    private static int age(long seconds) {
        return (int) Math.max(1, Math.min(seconds, Integer.MAX_VALUE));
    }

    private Cookie cookie(String called, String value, int age, HttpServletRequest request) {
        Cookie cookie = new Cookie(called, value);
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
