package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.servers.Container.Binding;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One dispatch of an admitted request to the application. The outermost dispatch binds CDI to the request. It also completes the
 * request when it ends, except that an asynchronous request is completed by its last event. Not thread-safe.
 */
final class Dispatch {
    private final RequestContext context;
    private final Supplier<Binding> scopes;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final HttpServletResponse answer;

    /**
     * @param scopes binds the scopes of CDI to the request
     * @param request the request as the application gets it
     * @param response the response as the application gets it
     * @param answer the response to which cookies are added
     */
    Dispatch(
            RequestContext context,
            Supplier<Binding> scopes,
            HttpServletRequest request,
            HttpServletResponse response,
            HttpServletResponse answer) {
        this.context = context;
        this.scopes = scopes;
        this.request = request;
        this.response = response;
        this.answer = answer;
    }

    /** Calls the rest of the filter chain. */
    void run(FilterChain chain) throws IOException, ServletException {
        boolean outermost = context.beginDispatch();
        try {
            callInScope(chain, outermost);
        } catch (Throwable e) {
            fail();
            throw e;
        }
        succeed();
    }

    private void callInScope(FilterChain chain, boolean outermost) throws IOException, ServletException {
        SessionScope before = SessionScopes.bind(context);
        try {
            call(chain, outermost);
        } catch (IOException | ServletException | RuntimeException e) {
            GatehouseException cause = causeFromGatehouse(e);
            if (cause == null || !context.refuse(answer, cause)) {
                throw e;
            }
        } finally {
            SessionScopes.bind(before);
        }
    }

    /** Closes the binding after the chain, because only then session-scoped beans are in the session. */
    private void call(FilterChain chain, boolean outermost) throws IOException, ServletException {
        Binding binding = outermost ? scopes.get() : Binding.NONE;
        try {
            chain.doFilter(request, response);
        } finally {
            binding.close();
        }
    }

    private void fail() {
        context.awaitDispatch(); // to an error page
        if (context.endDispatch()) {
            context.complete(answer, RequestContext.INTERNAL_ERROR);
        } else {
            boolean unused = context.commit(answer); // Jetty sends its error page before the guard ends
        }
    }

    private void succeed() {
        if (!context.endDispatch()) {
            DispatcherType type = request.getDispatcherType();
            if (type == DispatcherType.FORWARD
                    || type == DispatcherType.ERROR) { // of the container, to a page of its own choice
                boolean unused = context.commit(answer);
            } else {
                context.commits().changed(); // to be saved before the last byte
            }
            return;
        }
        if (!request.isAsyncStarted()) {
            context.complete(answer, answer.getStatus());
        } else if (request.getDispatcherType() == DispatcherType.ERROR) {
            boolean unused = context.commit(answer);
        }
    }

    /** Returns the exception of Gatehouse that another exception has as its cause, or null. */
    static @Nullable GatehouseException causeFromGatehouse(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof GatehouseException e) {
                return e;
            }
        }
        return null;
    }
}
