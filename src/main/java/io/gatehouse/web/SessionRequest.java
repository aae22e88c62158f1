package io.gatehouse.web;

import io.gatehouse.session.Session;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The request as the application sees it: every question about the session is answered by the {@link Visit}. */
final class SessionRequest extends HttpServletRequestWrapper {
    private final Visit visit;
    private final SessionResponse response;
    private final ServletContext context;

    SessionRequest(HttpServletRequest request, SessionResponse response, Visit visit, ServletContext context) {
        super(request);
        this.visit = visit;
        this.response = response;
        this.context = context;
    }

    boolean belongsTo(ServletContext application) {
        return context == application;
    }

    @Nullable
    Session existingSession() {
        return visit.existing();
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        if (isElsewhere()) {
            return super.getSession(create); // dispatched to another application, whose sessions are its own
        }
        return visit.session(create, response.isCommitted());
    }

    /** Open Liberty has several objects for one context, and two spellings of the root's path. */
    private boolean isElsewhere() {
        ServletContext now = getServletContext();
        return now != context && !path(now).equals(path(context));
    }

    private static String path(ServletContext of) {
        return of.getContextPath().equals("/") ? "" : of.getContextPath();
    }

    @Override
    public @Nullable HttpSession getSession() {
        return getSession(true);
    }

    @Override
    public String changeSessionId() {
        return visit.changeId();
    }

    @Override
    public void login(String user, String password) throws ServletException {
        super.login(user, password);
        visit.principalIsThere();
    }

    @Override
    public boolean authenticate(HttpServletResponse answer) throws IOException, ServletException {
        boolean done = super.authenticate(answer);
        if (done) {
            visit.principalIsThere();
        }
        return done;
    }

    @Override
    public void logout() throws ServletException {
        super.logout();
        visit.principalIsGone();
    }

    /** The public id, as {@link HttpSession#getId()} gives it, for a genuine token; what the client sent otherwise. */
    @Override
    public @Nullable String getRequestedSessionId() {
        String claimed = visit.claimedId();
        return claimed != null ? claimed : visit.claimedText();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return visit.isClaimValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return visit.claimedText() != null;
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return false;
    }

    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        AsyncContext async = super.startAsync(request, response);
        async.addListener(new SaveAtTheEnd());
        return async;
    }

    /** After time-outs and errors too, {@code onComplete} is what comes last. */
    private final class SaveAtTheEnd implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            HttpServletResponse answer = (HttpServletResponse) response.getResponse();
            visit.end(answer, true, answer.getStatus());
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
