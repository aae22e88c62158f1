package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;

/** The handler in front of Undertow's authentication: it has each new request guarded before the next handler gets it. Thread-safe. */
final class GuardHandler implements HttpHandler {
    private final HttpHandler next;
    private final ServletContext context;

    GuardHandler(HttpHandler next, ServletContext context) {
        this.next = next;
        this.context = context;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        ContainerRequests requests = UndertowExtension.requests(context);
        ServletRequestContext request = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
        if (requests == null || request == null) {
            next.handleRequest(exchange);
        } else {
            requests.guard(
                    request.getOriginalRequest(), request.getOriginalResponse(), (raw, response) -> handle(exchange));
        }
    }

    private void handle(HttpServerExchange exchange) throws IOException, ServletException {
        try {
            next.handleRequest(exchange);
        } catch (IOException | ServletException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
