package io.gatehouse.servers.club;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.wiring.GatehouseRuntime;
import io.gatehouse.session.Authentication;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Performs the operation on beans that the path names, and responds with its result. */
@WebServlet(urlPatterns = "/club/*", asyncSupported = true)
public class ClubServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Journal journal;

    @Inject
    transient Membership membership;

    @Inject
    transient Instance<Talk> talk;

    @Inject
    transient HttpSession session;

    @Inject
    transient HttpServletRequest injectedRequest;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        Object answer = result(request, response);
        if (answer != null) {
            response.getWriter().print(answer);
        }
    }

    private @Nullable Object result(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getPathInfo()) {
            case "/async" -> {
                request.startAsync().dispatch("/club/visit");
                return null;
            }
            case "/error" -> {
                response.sendError(HttpServletResponse.SC_CONFLICT);
                return null;
            }
            case "/sign-out" -> request.getSession().invalidate();
            case "/short" -> request.getSession().setMaxInactiveInterval(1);
            case "/change-id" -> request.changeSessionId();
            case "/forget" -> journal.clear();
            case "/name" -> request.getSession().setAttribute(Listener.NAME, request.getParameter("what"));
            case "/sign-in" -> request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("what"));
            case "/remember" -> request.getSession().setAttribute(Session.REMEMBER_ATTRIBUTE, true);
            case "/renew" -> Authentication.of(request).renew(request);
            case "/pay" ->
                Authentication.of(request)
                        .requireRecentAuth(Duration.ofSeconds(Long.parseLong(request.getParameter("within"))));
            case "/keep" ->
                request.getSession()
                        .setAttribute(RecordingValue.NAME, new RecordingValue(request.getParameter("what")));
            case "/discard" -> request.getSession().removeAttribute(RecordingValue.NAME);
            case "/end-all-of" -> {
                Object unused =
                        gatehouse(request).sessionManager().terminateUserSessions(request.getParameter("what"), null);
            }
            case "/nameless" -> request.getSession().removeAttribute(Listener.NAME);
            default -> {
                return result(request);
            }
        }
        return "done";
    }

    private Object result(HttpServletRequest request) {
        return switch (request.getPathInfo()) {
            case "/visit" -> membership.visit();
            case "/visits" -> membership.visits();
            case "/begin" -> talk.get().begin();
            case "/say" -> talk.get().say();
            case "/end" -> talk.get().end();
            case "/journal" -> journal;
            case "/kept" -> Objects.toString(request.getSession().getAttribute(RecordingValue.NAME));
            case "/events" -> RecordingValue.takeEvents();
            case "/name-is" -> Objects.toString(request.getSession().getAttribute(Listener.NAME));
            case "/injected" ->
                session.getId().equals(request.getSession().getId()) + " "
                        + injectedRequest.getSession().getId().equals(session.getId());
            case "/container" -> containerSession(request);
            case "/names" -> Collections.list(request.getSession().getAttributeNames());
            case "/clean-up" -> gatehouse(request).sessionManager().cleanupExpiredSessions();
            case "/saves" ->
                ((GatehouseRuntime) gatehouse(request)).sessions().counters().of(SessionEvent.SAVED);
            default -> throw new IllegalArgumentException(request.getPathInfo());
        };
    }

    private static Gatehouse gatehouse(HttpServletRequest request) {
        return Gatehouse.of(request.getServletContext()).orElseThrow();
    }

    /** Returns the id of the server's own session for this request, below every wrapper. */
    private static String containerSession(HttpServletRequest request) {
        ServletRequest raw = request;
        while (raw instanceof ServletRequestWrapper wrapper) {
            raw = wrapper.getRequest();
        }
        HttpSession found = ((HttpServletRequest) raw).getSession(false);
        return found == null ? "none" : found.getId();
    }
}
