package io.gatehouse.internal.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.session.AbstractSessionManager.RequestedSession;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.util.Callback;

/** A request to a servlet, as Jetty has it for one version of Jakarta EE. */
interface ServedRequest {

    /** Returns the request of Jetty, whose attributes are those of the request of the application. */
    Request jetty();

    HttpServletRequest request();

    HttpServletResponse response();

    /** Sets what the client has requested. To be called once. */
    void requests(RequestedSession requested);

    /** Has the request use a session from now on. */
    void use(ManagedSession session);

    /** Has the servlets serve the request, without authentication. */
    boolean serve(Request request, Response response, Callback callback) throws Exception;
}
