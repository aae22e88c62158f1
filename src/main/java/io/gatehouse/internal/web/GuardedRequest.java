package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.servers.Container.Binding;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.tracing.Span;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * A request while the container serves it, between {@link ContainerRequests#begin} and {@link #end} or {@link #fail}. On the threads in
 * between, sessions are used on behalf of this request. Not thread-safe.
 */
public final class GuardedRequest {
    private final RequestGuard guard;
    private final HttpServletRequest raw;
    private final HttpServletResponse response;
    private final Span span;
    private final Binding binding;
    private final @Nullable SessionScope scopeBefore;
    /** The context, or null if the path is excluded and so is opened only if something needs the session. */
    private final @Nullable RequestContext context;

    /** What ends the request later, or null if this does. */
    private final @Nullable EnclosedRequest enclosed;

    private boolean left;

    private GuardedRequest(
            RequestGuard guard,
            @Nullable RequestContext context,
            HttpServletRequest raw,
            HttpServletResponse response,
            Span span,
            Binding binding) {
        this.guard = guard;
        this.context = context;
        this.raw = raw;
        this.response = response;
        this.span = span;
        this.binding = binding;
        this.enclosed = SessionScopes.current() instanceof EnclosedRequest enclosing ? enclosing : null;
        SessionScope outer = enclosed == null ? new LazyScope() : enclosed;
        this.scopeBefore = SessionScopes.bind(context == null ? outer : context);
    }

    static GuardedRequest excluded(RequestGuard guard, HttpServletRequest raw, HttpServletResponse response) {
        return new GuardedRequest(guard, null, raw, response, Span.NONE, Binding.NONE);
    }

    static GuardedRequest begin(
            RequestGuard guard,
            RequestContext context,
            Span span,
            HttpServletRequest raw,
            HttpServletResponse response) {
        boolean unused = context.beginDispatch();
        return new GuardedRequest(
                guard, context, raw, response, span, guard.contexts().follow(raw));
    }

    /** Ends the request: saves and releases the session, unless the request has become asynchronous. */
    public void end() {
        try {
            if (context == null) {
                completeIfOpened();
            } else {
                end(context);
            }
        } finally {
            leave();
            span.close();
        }
    }

    private void end(RequestContext served) {
        try {
            served.onContainerAuthenticated(response);
        } finally { // whatever a listener of the new id throws
            leave();
            boolean outermost = served.endDispatch();
            if (outermost && !raw.isAsyncStarted()) {
                served.complete(response, response.getStatus());
            } else if (enclosed != null && !raw.isAsyncStarted()) {
                boolean unused = served.commit(response);
            }
        }
    }

    /**
     * Ends a request that has failed.
     *
     * @return whether the response was replaced, so that the failure needs no other
     */
    public boolean fail(Throwable failure) {
        span.failed(failure);
        try {
            if (context == null) {
                completeIfOpened();
                return false;
            }
            return fail(context, Dispatch.causeFromGatehouse(failure));
        } finally {
            leave();
            span.close();
        }
    }

    private boolean fail(RequestContext served, @Nullable GatehouseException cause) {
        boolean replaced = false;
        try {
            replaced = cause != null && served.refuse(response, cause);
        } finally {
            leave();
            if (!replaced) {
                served.awaitDispatch(); // to an error page
            }
            if (served.endDispatch()) {
                served.complete(response, RequestContext.INTERNAL_ERROR);
            }
        }
        return replaced;
    }

    private void completeIfOpened() {
        if (raw.isAsyncStarted()) { // by an application that the filter does not serve
            raw.getAsyncContext().addListener(new CompletionListener(this::complete));
        } else if (enclosed == null) {
            complete();
        }
    }

    private void complete() {
        RequestContext opened = guard.contexts().known(raw);
        if (opened != null) {
            opened.onContainerAuthenticated(response);
            opened.complete(response, response.getStatus());
        }
    }

    private void leave() {
        if (!left) {
            left = true;
            SessionScopes.bind(scopeBefore);
            binding.close();
        }
    }

    /** The scope of a request whose session is opened only if something needs it. */
    private final class LazyScope implements SessionScope {
        @Override
        public @Nullable Session current() {
            RequestContext opened = guard.contexts().known(raw);
            return opened == null ? null : opened.current();
        }

        @Override
        public SessionRepository sessions() {
            return guard.contexts().sessions();
        }

        @Override
        public boolean isResponseSent() {
            return !ResponseCookies.canBeAddedTo(response);
        }
    }
}
