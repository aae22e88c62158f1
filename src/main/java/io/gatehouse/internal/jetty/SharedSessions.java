package io.gatehouse.internal.jetty;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager.RequestedSession;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The requests and sessions of one context of Jetty. A listener of the context as well: it notes which request a thread serves, so that
 * Jetty knows the session that the application creates. Thread-safe.
 */
final class SharedSessions implements ContextHandler.ContextScopeListener {
    private static final Set<String> HEADER_LOGINS = Set.of("BASIC", "DIGEST");

    /** The request that a thread serves, and what was there before, without a class of Gatehouse. */
    private static final ThreadLocal<@Nullable Object[]> SERVED = new ThreadLocal<>();

    private final SessionManager manager;
    private final ServletContext context;
    private final Function<Request, @Nullable ServedRequest> servlets;
    private volatile boolean prepared;

    /** @param servlets returns the request to a servlet, or null if a request is for none */
    SharedSessions(
            SessionManager manager, ServletContext context, Function<Request, @Nullable ServedRequest> servlets) {
        this.manager = manager;
        this.context = context;
        this.servlets = servlets;
    }

    private @Nullable ContainerRequests requests() {
        return context.getAttribute(ContainerRequests.ATTRIBUTE) instanceof ContainerRequests requests
                ? requests
                : null;
    }

    /** Returns whether Gatehouse runs. */
    boolean isActive() {
        return requests() != null;
    }

    /** Has a request guarded, and passes it on to the next handler if it is admitted. */
    boolean handle(ServedRequest served, Request request, Response response, Callback callback, Handler next)
            throws Exception {
        ContainerRequests requests = requests();
        if (requests == null) {
            return next.handle(request, response, callback);
        }
        prepare(requests);
        Rest rest = new Rest(served, requests);
        if (served.request().getDispatcherType() != DispatcherType.REQUEST) {
            rest.begin();
            return next.handle(request, response, callback);
        }
        OwnAnswer answer = new OwnAnswer(served.response());
        CommittingResponse committing =
                new CommittingResponse(request, response, answer, () -> requests.commit(served.request(), answer));
        requests.guard(served.request(), answer, (raw, unused) -> rest.run(next, request, committing, callback));
        if (answer.isGiven() && !response.isCommitted()) {
            rest.begin();
            return answer.send(served, request, response, callback);
        }
        return rest.handled;
    }

    private void prepare(ContainerRequests requests) {
        if (prepared) {
            return;
        }
        SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
        String method = security == null ? null : security.getAuthenticationType();
        if (method != null && HEADER_LOGINS.contains(method)) {
            requests.countHeaderLogins();
        }
        prepared = true;
    }

    /** What comes after the guard. */
    private final class Rest {
        private final ServedRequest served;
        private final ContainerRequests requests;
        private boolean begun;
        private boolean handled = true;

        Rest(ServedRequest served, ContainerRequests requests) {
            this.served = served;
            this.requests = requests;
        }

        void begin() {
            if (!begun) {
                begun = true;
                String id = requests.requestedId(served.request());
                served.requests(new RequestedSession(
                        view(served, requests), id, id == null ? null : RequestedSession.ID_FROM_COOKIE));
            }
        }

        void run(Handler next, Request request, Response response, Callback callback)
                throws IOException, ServletException {
            begin();
            try {
                handled = next.handle(request, response, callback);
            } catch (IOException | ServletException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }
    }

    private SharedSession view(ServedRequest served, ContainerRequests requests) {
        return new SharedSession(manager, served, requests);
    }

    /**
     * Creates the session of a request, unless the request has one that Jetty did not know.
     *
     * @throws IllegalStateException if the request was refused
     */
    ManagedSession create(ServedRequest served) {
        ContainerRequests requests = requests();
        if (requests == null || requests.session(served.request(), served.response(), true) == null) {
            throw new IllegalStateException("no session can be created, because the request was refused");
        }
        return view(served, requests);
    }

    /** Returns the listeners that the context needs. */
    List<EventListener> listeners() {
        return List.of(this, new NewSessions(this::onCreated));
    }

    private void onCreated() {
        ContainerRequests requests = requests();
        ServedRequest served = requests == null ? null : current();
        if (requests != null && served != null) {
            served.use(view(served, requests));
        }
    }

    private @Nullable ServedRequest current() {
        @Nullable Object[] top = SERVED.get();
        ServedRequest served = top != null && top[0] instanceof Request request ? servlets.apply(request) : null;
        return served != null
                        && context.getContextPath().equals(served.request().getContextPath())
                ? served
                : null;
    }

    @Override
    public void enterScope(Context entered, @Nullable Request request) {
        @Nullable Object[] before = SERVED.get();
        if (before != null || request != null) {
            SERVED.set(new @Nullable Object[] {request, before});
        }
    }

    @Override
    public void exitScope(Context left, @Nullable Request request) {
        @Nullable Object[] top = SERVED.get();
        if (top != null && top[1] instanceof @Nullable Object[] before) {
            SERVED.set(before);
        } else {
            SERVED.remove();
        }
    }
}
