package io.gatehouse.internal.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.session.AbstractSessionManager.RequestedSession;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.util.Callback;

/** A request with Jakarta EE 11. */
record Ee11Request(ServletContextRequest jetty) implements ServedRequest {

    @Override
    public HttpServletRequest request() {
        return jetty.getServletApiRequest();
    }

    @Override
    public HttpServletResponse response() {
        return jetty.getServletApiResponse();
    }

    @Override
    public void requests(RequestedSession requested) {
        jetty.setRequestedSession(requested);
    }

    /** A login page is served by another request object in the same channel. */
    @Override
    public void use(ManagedSession session) {
        jetty.getServletChannel().getServletContextRequest().setManagedSession(session);
    }

    @Override
    public boolean serve(Request request, Response response, Callback callback) throws Exception {
        return jetty.getServletContextHandler().getServletHandler().handle(request, response, callback);
    }
}
