package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * One dispatch of a request with all that the container does for it before and after it is guarded; see {@link ContainerRequests#enclose}.
 * While it is the scope of a thread, a request that the thread opens is in use until {@link #end}. Not thread-safe.
 */
final class EnclosedRequest implements SessionScope {
    private final RequestContexts contexts;
    private final HttpServletRequest raw;
    private final HttpServletResponse response;
    private @Nullable RequestContext entered;

    EnclosedRequest(RequestContexts contexts, HttpServletRequest raw, HttpServletResponse response) {
        this.contexts = contexts;
        this.raw = raw;
        this.response = response;
    }

    /** Enters a request that an earlier dispatch has opened. */
    void begin() {
        RequestContext known = contexts.known(raw);
        if (known != null) {
            enter(known);
        }
    }

    /** Called when a request is opened; enters it if the thread is in an enclosure of this request. */
    static void onOpened(RequestContexts by, HttpServletRequest raw, RequestContext opened) {
        if (SessionScopes.current() instanceof EnclosedRequest enclosed
                && enclosed.contexts == by
                && enclosed.raw == raw) {
            enclosed.enter(opened);
        }
    }

    private void enter(RequestContext context) {
        entered = context;
        boolean unused = context.beginDispatch();
    }

    /** Saves what has changed since the session was saved, and releases it, unless the request has become asynchronous. */
    void end() {
        RequestContext context = entered;
        if (context == null || !context.endDispatch() || !isAdmitted(context) || raw.isAsyncStarted()) {
            return;
        }
        if (context.commits().isSettled()) {
            context.release(ContainerCredentials.outcome(raw, response, response.getStatus()));
        } else {
            context.complete(response, response.getStatus());
        }
    }

    static boolean isAdmitted(RequestContext context) {
        return context.outcome() instanceof RequestOutcome.Admitted;
    }

    /** Returns the session. A thread asks for it when it uses the session outside of a dispatch, so it must be saved again. */
    @Override
    public @Nullable Session current() {
        RequestContext context = entered;
        if (context == null) {
            return null;
        }
        context.commits().changed();
        return context.current();
    }

    @Override
    public SessionRepository sessions() {
        return contexts.sessions();
    }

    @Override
    public boolean isResponseSent() {
        return !ResponseCookies.canBeAddedTo(response);
    }
}
