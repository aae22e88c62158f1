package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.api.ThreadSetupHandler;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the session of a request in use from its first request listener to its last: CDI asks for the session before the handlers of
 * Undertow run, and stores conversations after them. Also has the session saved when Undertow commits a response that the filter has not
 * seen. Thread-safe.
 */
final class RequestEnclosure implements ThreadSetupHandler {
    private final ServletContext context;
    private final ClassLoader application;
    private final boolean headerLogins;

    /** @param headerLogins whether the server verifies credentials in headers */
    RequestEnclosure(ServletContext context, ClassLoader application, boolean headerLogins) {
        this.context = context;
        this.application = application;
        this.headerLogins = headerLogins;
    }

    @Override
    public <T, C> Action<T, C> create(Action<T, C> action) {
        return (exchange, about) -> {
            ContainerRequests requests = about instanceof ServletRequestContext && exchange != null
                    ? UndertowExtension.requests(context)
                    : null;
            return requests != null && about instanceof ServletRequestContext request
                    ? enclose(requests, exchange, request, about, action)
                    : action.call(exchange, about);
        };
    }

    private <T, C> @Nullable T enclose(
            ContainerRequests requests,
            HttpServerExchange exchange,
            ServletRequestContext request,
            C about,
            Action<T, C> action)
            throws Exception {
        if (headerLogins) {
            requests.countHeaderLogins();
        }
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            exchange.addResponseCommitListener(committing -> commit(requests, request, committing));
        }
        Result<T> result = new Result<>();
        ClassLoader before = replaceLoader(application);
        try {
            requests.enclose(
                    request.getOriginalRequest(),
                    request.getOriginalResponse(),
                    () -> result.value = action.call(exchange, about));
        } finally {
            ClassLoader unused = replaceLoader(before);
        }
        return result.value;
    }

    /** Saves the session, possibly on a thread of Undertow that does not have the class loader of the application. */
    private void commit(ContainerRequests requests, ServletRequestContext request, HttpServerExchange exchange) {
        ClassLoader before = replaceLoader(application);
        try {
            requests.commit(request.getOriginalRequest(), new CommittingResponse(request, exchange));
        } finally {
            ClassLoader unused = replaceLoader(before);
        }
    }

    private static ClassLoader replaceLoader(ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        return before;
    }

    private static final class Result<T> {
        @Nullable
        T value;
    }
}
