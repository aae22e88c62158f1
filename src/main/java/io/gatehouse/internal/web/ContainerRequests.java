package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container.Binding;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.tracing.Span;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The requests of an application whose container uses the sessions of Gatehouse. The adapter of a server calls {@link #guard} before the
 * container authenticates a request, and its session manager returns what {@link #session} returns. So the container keeps what it knows of
 * a user in a session that all nodes share.
 *
 * <p>The request is opened by whichever of these calls comes first; some containers ask for the session before any handler runs. The
 * {@link RequestFilter} of the application then finds the request opened, and wraps it as it always does. Thread-safe.
 */
public final class ContainerRequests {
    /** The context attribute that holds this object while the container uses the sessions of Gatehouse. */
    public static final String ATTRIBUTE = "io.gatehouse.container";

    /** What has become of the attempt to have the container use the sessions of Gatehouse. */
    public enum Installation {
        DONE,
        /** The container keeps its own sessions, and a warning of the adapter says why. */
        REFUSED,
        /** The adapter is for another server. */
        OTHER_SERVER
    }

    /** The prefix of the names of stored values that are not attributes of the {@link HttpSession}. */
    static final String REMEMBERED = "io.gatehouse.container.";

    private final RequestGuard guard;
    private volatile boolean headerLogins;

    ContainerRequests(RequestGuard guard) {
        this.guard = guard;
    }

    /**
     * Counts the credentials of {@code Authorization} headers as login attempts, because the container verifies them (BASIC, DIGEST). They are
     * also counted if the application has a mechanism of Jakarta Security.
     */
    public void countHeaderLogins() {
        headerLogins = true;
    }

    /** Returns how long the roles of a user in a session are used, or zero if the configuration leaves that to the server. */
    public Duration rolesRefresh() {
        return guard.rolesRefresh();
    }

    /**
     * Guards a request before the container authenticates it. A request that is not admitted is answered, and {@code rest} is not called.
     * Otherwise {@code rest} gets the same request and response. When it returns, the session is saved and released, unless the request has
     * become asynchronous. The response must not be committed before this returns, except by the application.
     */
    public void guard(HttpServletRequest raw, HttpServletResponse response, FilterChain rest)
            throws IOException, ServletException {
        GuardedRequest guarded = begin(raw, response);
        if (guarded == null) {
            return;
        }
        try {
            rest.doFilter(raw, response);
        } catch (Throwable e) {
            if (guarded.fail(e)) {
                return;
            }
            throw e;
        }
        guarded.end();
    }

    /**
     * Begins to guard a request, for containers that call before and after, and not around; see {@link #guard}. The caller must call one of
     * the methods of the result, in the thread that has called this.
     *
     * @return null if the request is not admitted, and was answered
     */
    public @Nullable GuardedRequest begin(HttpServletRequest raw, HttpServletResponse response)
            throws IOException, ServletException {
        if (isExcluded(raw)) {
            return GuardedRequest.excluded(guard, raw, response);
        }
        if (guard.rejectsStopped(raw, response)) {
            return null;
        }
        Span span = guard.startSpan(raw);
        RequestContext context = null;
        GuardedRequest guarded = null;
        try {
            context = open(raw, response);
            RequestOutcome outcome = context.outcome();
            if (outcome == null) {
                throw new IllegalStateException("the request failed before it was guarded");
            }
            if (guard.admits(outcome, context, raw, response)) {
                guarded = GuardedRequest.begin(guard, context, span, raw, response);
            }
            return guarded;
        } catch (IOException | ServletException | RuntimeException | Error e) {
            span.failed(e);
            if (context != null) {
                context.abandon();
            }
            throw e;
        } finally {
            if (guarded == null) {
                span.close();
            }
        }
    }

    /**
     * Returns what ends a request that was opened, if it is never guarded because the container has answered it before. It does nothing
     * for a request that was guarded, or was not opened yet.
     */
    public Runnable ending(HttpServletRequest raw, HttpServletResponse response) {
        RequestContext opened = guard.contexts().known(raw);
        return () -> {
            if (opened != null
                    && EnclosedRequest.isAdmitted(opened)
                    && !opened.commits().isSettled()
                    && !raw.isAsyncStarted()) {
                opened.complete(response, response.getStatus());
            }
        };
    }

    /** One dispatch of a request by the container. */
    public interface ContainerDispatch {
        void run() throws Exception;
    }

    /**
     * Runs one dispatch of a request with all that the container does for it, such as calling its request listeners before and after
     * {@link #guard}. The request uses its session until this returns, so that what those listeners change is saved. The adapter must
     * call {@link #commit} before the container commits the response. Without this call, a request ends when {@code guard} returns.
     */
    public void enclose(HttpServletRequest raw, HttpServletResponse response, ContainerDispatch dispatch)
            throws Exception {
        EnclosedRequest enclosed = new EnclosedRequest(guard.contexts(), raw, response);
        SessionScope before = SessionScopes.bind(enclosed);
        Binding binding = guard.contexts().follow(raw);
        try {
            enclosed.begin();
            dispatch.run();
        } finally {
            binding.close();
            SessionScopes.bind(before);
            enclosed.end();
        }
    }

    /**
     * Saves the session before the container commits a response of its own making, such as a redirect after a login. Does nothing if the
     * session was saved and not used since.
     */
    public void commit(HttpServletRequest raw, HttpServletResponse response) {
        boolean unused = guard.commit(raw, response);
    }

    /**
     * Returns the session of a request, or null.
     *
     * @param create whether to create the session if there is none; its cookie is written when the response is committed
     * @throws IllegalStateException if a new session would need a cookie and the response is committed
     */
    public @Nullable HttpSession session(HttpServletRequest raw, HttpServletResponse response, boolean create) {
        RequestContext context;
        try {
            context = open(raw, response);
        } catch (IOException e) { // the client does not send the body of a login form
            throw new UncheckedIOException(e);
        }
        return EnclosedRequest.isAdmitted(context) ? context.session(create, response.isCommitted()) : null;
    }

    /**
     * Returns the idle timeout of the session of a request in seconds, or -1 without one. Unlike a call of the session, this is no use of it.
     *
     * @throws IllegalStateException if there is no session, or it has ended
     */
    public int maxInactiveInterval(HttpServletRequest raw) {
        Session session = existing(raw);
        if (session == null) {
            throw new IllegalStateException("the session has ended");
        }
        return GatehouseSession.idleSeconds(session);
    }

    /**
     * Changes the id of the session, because the container has authenticated a user, and returns the new id.
     *
     * @throws IllegalStateException if there is no session, or the client cannot be sent the new id
     */
    public String changeId(HttpServletRequest raw) {
        RequestContext context = guard.contexts().known(raw);
        if (context == null) {
            throw new IllegalStateException("there is no session whose id could be changed");
        }
        return context.onContainerLogin();
    }

    /**
     * Returns the session id that the client has sent, or null. Does not open the request. If it was opened, and a cookie of another session
     * store has opened its session, returns the id of that session.
     */
    public @Nullable String requestedId(HttpServletRequest raw) {
        RequestContext context = guard.contexts().known(raw);
        if (context == null) {
            return guard.contexts().requestedId(raw).value();
        }
        String sent = context.requestedId().value();
        Session existing = sent == null ? context.existing() : null;
        return existing == null ? sent : existing.id();
    }

    /** Returns what {@link #remember} has stored in the session of the request, or null. */
    public @Nullable String remembered(HttpServletRequest raw, String name) {
        Session session = existing(raw);
        return session != null
                        && session.attribute(REMEMBERED + name, ContainerRequests.class.getClassLoader())
                                instanceof String text
                ? text
                : null;
    }

    /**
     * Stores a text of the container in the session of the request, without the knowledge of the application: it is no attribute of the
     * {@link HttpSession}, and no listener is notified.
     *
     * @param text the text, or null to remove it
     * @throws IllegalArgumentException if the session would get too large
     */
    public void remember(HttpServletRequest raw, String name, @Nullable String text) {
        Session session = existing(raw);
        if (session == null) {
            return;
        }
        if (text == null) {
            @Nullable Object unused = session.removeAttribute(REMEMBERED + name);
        } else {
            session.setAttribute(REMEMBERED + name, text);
        }
    }

    private @Nullable Session existing(HttpServletRequest raw) {
        RequestContext context = guard.contexts().known(raw);
        return context == null ? null : context.existing();
    }

    /** Returns whether a request passes unchanged: its path is excluded, and the container verifies no credentials in it. */
    private boolean isExcluded(HttpServletRequest raw) {
        return guard.isExcluded(raw) && !LoginForms.presentsCredentials(raw, verifiesHeader(raw));
    }

    /** Returns whether the container verifies the credentials in the {@code Authorization} header of a request, if it has one. */
    private boolean verifiesHeader(HttpServletRequest raw) {
        return headerLogins
                || (raw.getHeader("Authorization") != null && guard.contexts().areAuthenticatedByMechanism());
    }

    private RequestContext open(HttpServletRequest raw, HttpServletResponse response) throws IOException {
        RequestContexts contexts = guard.contexts();
        RequestContext known = contexts.known(raw);
        if (known != null) {
            return known;
        }
        boolean excluded = isExcluded(raw);
        RequestContext fresh =
                contexts.of(raw, excluded ? raw : guard.loginForms().readBefore(raw, verifiesHeader(raw)));
        fresh.awaitDispatch(); // to the filter
        RequestOutcome unused = excluded ? guard.openUnlimited(fresh, response) : guard.open(fresh, raw, response);
        EnclosedRequest.onOpened(contexts, raw, fresh);
        return fresh;
    }
}
