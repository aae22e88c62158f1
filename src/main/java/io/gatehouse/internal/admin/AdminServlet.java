package io.gatehouse.internal.admin;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.ops.JsonWriter;
import io.gatehouse.internal.ops.Operations;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The admin API, to be mapped at a path and all below it. Whatever is thrown on the way is answered here, so that nothing of it
 * shows, and the filter does not take it for a failure of its own.
 */
public final class AdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient AdminSettings settings;
    private final transient ClientAddressResolver addresses;
    private final transient JsonBodies json;
    private final transient AuditLog audit;
    private final transient AdminAccessControl adminAccessControl;
    private final transient RouteTable routes;

    /**
     * Over what an operator can do.
     *
     * @param addresses tells where calls come from
     * @param pseudonym a keyed hash of a user or another text, for the audit log
     * @param nanos the time, as {@link System#nanoTime()}
     */
    public AdminServlet(
            AdminSettings settings,
            Operations operations,
            ClientAddressResolver addresses,
            UnaryOperator<String> pseudonym,
            JsonBodies json,
            LongSupplier nanos) {
        this.settings = settings;
        this.addresses = addresses;
        this.json = json;
        this.audit = new AuditLog(pseudonym);
        this.adminAccessControl = new AdminAccessControl(settings, audit, nanos);
        this.routes = new RouteTable(new Routes(operations, new OpenApiDocument(json::quoted)).table());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        AdminResponse adminResponse;
        try {
            adminResponse = answer(request, response);
        } catch (ProblemException problemException) {
            problemException.headers().forEach(response::setHeader);
            byte[] body = JsonWriter.write(problemException.body()).getBytes(StandardCharsets.UTF_8);
            send(request, response, problemException.type().status(), ContentNegotiation.PROBLEM, body);
            return;
        }
        if (adminResponse.below() != null) {
            response.setHeader("Location", request.getContextPath() + request.getServletPath() + adminResponse.below());
        }
        byte[] body = adminResponse.json().getBytes(StandardCharsets.UTF_8);
        send(request, response, adminResponse.status(), ContentNegotiation.JSON, body);
    }

    private AdminResponse answer(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (!settings.isOn()) {
                throw new ProblemException(AdminProblemType.UNKNOWN_PATH, "There is no such path.");
            }
            ClientAddress address =
                    addresses.of(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
            String caller = adminAccessControl.admit(request, address);
            ContentNegotiation.requireAcceptance(request);
            RouteTable.Found found = routes.find(request.getMethod(), request.getPathInfo());
            if (found.route() == null) {
                response.setHeader("Allow", found.allow());
                return AdminResponse.nothing();
            }
            return answer(request, found.route(), found.parts(), caller, address);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw ProblemException.of(e);
        }
    }

    private AdminResponse answer(
            HttpServletRequest request, Route route, Map<String, String> parts, String caller, ClientAddress address) {
        AuditLog.Entry about = audit.entry();
        int status = AdminProblemType.INTERNAL_ERROR.status();
        try {
            AdminResponse adminResponse = route.handler().handle(new AdminRequest(route, parts, request, json, about));
            status = adminResponse.status();
            return adminResponse;
        } catch (RuntimeException e) {
            ProblemException problemException = ProblemException.of(e);
            status = problemException.type().status();
            throw problemException;
        } finally {
            if (route.changes()) {
                audit.write(caller, route.action(), about, status, address);
            }
        }
    }

    private static void send(
            HttpServletRequest request, HttpServletResponse response, int status, String type, byte[] body)
            throws IOException {
        response.setStatus(status);
        if (status == HttpServletResponse.SC_NO_CONTENT) {
            return;
        }
        response.setContentType(type);
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
