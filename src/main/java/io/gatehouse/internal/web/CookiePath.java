package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Path} of a cookie: the one that the configuration or the application sets, else the context path as it is spelled in URLs.
 * Browsers compare it with the request path character by character (RFC 6265, section 5.1.4). If a client spells the context path in
 * another way than the container, such as {@code /a[b]} for {@code /a%5Bb%5D}, its cookie has the same spelling.
 */
final class CookiePath {
    private static final String ROOT = "/";
    private static final String UNENCODED = "-._~!$&'()*+,=:@/";
    private static final Pattern VISIBLE = Pattern.compile("/[!-:<-~]*");
    private static final Pattern SAFE = Pattern.compile("/[ -:<-~]*");

    private final boolean named;
    private final String contextPath;
    private final String path;

    private CookiePath(boolean named, String contextPath, String path) {
        this.named = named;
        this.contextPath = contextPath;
        this.path = path;
    }

    /** Returns the path that the setting or the application names, else the path of the context. */
    static CookiePath of(String setting, ServletContext context, Container container) {
        String contextPath = context.getContextPath().equals(ROOT) ? "" : context.getContextPath();
        String named = setting.isEmpty() ? container.namedCookiePath(context) : setting;
        return named == null || named.isEmpty()
                ? new CookiePath(false, contextPath, contextPath.isEmpty() ? ROOT : encoded(contextPath))
                : new CookiePath(true, contextPath, SAFE.matcher(named).matches() ? named : encoded(named));
    }

    /** Returns the path of the context to which a client sent its request. */
    static CookiePath of(String contextPath) {
        String known = contextPath.equals(ROOT) ? "" : contextPath;
        if (known.isEmpty()) {
            return new CookiePath(true, known, ROOT);
        }
        return new CookiePath(true, known, VISIBLE.matcher(known).matches() ? known : encoded(known));
    }

    /** Returns the context path of the URL that a dispatched request was sent to, or null if the request was not dispatched. */
    static @Nullable String dispatchedFrom(HttpServletRequest request) {
        return switch (request.getDispatcherType()) {
            case INCLUDE -> request.getContextPath();
            case FORWARD -> text(request.getAttribute(RequestDispatcher.FORWARD_CONTEXT_PATH));
            case ASYNC -> text(request.getAttribute(AsyncContext.ASYNC_CONTEXT_PATH));
            default -> null;
        };
    }

    private static @Nullable String text(@Nullable Object attribute) {
        return attribute instanceof String text ? text : null;
    }

    /** Returns the path for the client of a request. */
    String in(HttpServletRequest request) {
        if (named || contextPath.isEmpty()) {
            return path;
        }
        String spelled = request.getContextPath();
        return spelled != null && isSpelling(spelled) ? spelled : path;
    }

    private boolean isSpelling(String spelled) {
        return VISIBLE.matcher(spelled).matches()
                && (spelled.equals(contextPath) || contextPath.equals(decoded(spelled)));
    }

    /** Returns whether browsers send the cookie with requests to another context as well. */
    boolean reaches(String otherContext) {
        String other = otherContext.isEmpty() ? ROOT : otherContext;
        return path.equals(ROOT)
                || other.equals(path)
                || other.startsWith(path.endsWith("/") ? path : path + "/")
                || (!named && isSpelling(other));
    }

    /** Returns a text for cookie names that distinguishes the application. */
    String label() {
        String label = contextPath.substring(1).replaceAll("[^A-Za-z0-9]", "_");
        return ("/" + label).equals(contextPath) ? label : label + "_" + Integer.toHexString(contextPath.hashCode());
    }

    /** Returns a percent-encoded path (RFC 3986, section 3.3). Semicolons are encoded too, because they end a cookie attribute. */
    static String encoded(String path) {
        StringBuilder encoded = new StringBuilder(path.length() + 16);
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (character < 0x80 && (Character.isLetterOrDigit(character) || UNENCODED.indexOf(character) >= 0)) {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format("%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    private static @Nullable String decoded(String path) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            if (character == '%') {
                int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
                int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                octets.write(high * 16 + low);
                i += 2;
            } else {
                octets.write(character);
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}
