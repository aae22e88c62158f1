package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SessionConfig;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

/**
 * The session cookie as Undertow sees it: that of Gatehouse, which Gatehouse reads and writes itself. No URL carries a session id.
 * Thread-safe.
 */
final class ContainerSessionConfig implements SessionConfig {
    private final SessionConfig own;
    private final ServletContext context;

    /** @param own the configuration for the server's own sessions */
    ContainerSessionConfig(SessionConfig own, ServletContext context) {
        this.own = own;
        this.context = context;
    }

    @Override
    public void setSessionId(HttpServerExchange exchange, String id) {
        if (UndertowExtension.requests(context) == null) {
            own.setSessionId(exchange, id);
        }
    }

    @Override
    public void clearSession(HttpServerExchange exchange, String id) {
        if (UndertowExtension.requests(context) == null) {
            own.clearSession(exchange, id);
        }
    }

    @Override
    public @Nullable String findSessionId(HttpServerExchange exchange) {
        ContainerRequests requests = UndertowExtension.requests(context);
        if (requests == null) {
            return own.findSessionId(exchange);
        }
        ServletRequestContext request = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
        return request == null ? null : requests.requestedId(request.getOriginalRequest());
    }

    @Override
    public SessionCookieSource sessionCookieSource(HttpServerExchange exchange) {
        if (UndertowExtension.requests(context) == null) {
            return own.sessionCookieSource(exchange);
        }
        return findSessionId(exchange) == null ? SessionCookieSource.NONE : SessionCookieSource.COOKIE;
    }

    @Override
    public String rewriteUrl(String url, String id) {
        return UndertowExtension.requests(context) == null ? own.rewriteUrl(url, id) : url;
    }
}
