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
 * The servlet of the admin API, to be mapped to a path and everything below it. It answers every exception with a problem, so that no
 * detail of it is disclosed and the filter does not handle it as its own failure.
 */
public final class AdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient AdminSettings settings;
    private final transient ClientAddressResolver addresses;
    private final transient JsonBodies json;
    private final transient AuditLog audit;
    private final transient AdminAccessControl accessControl;
    private final transient RouteTable routes;

    /**
     * Creates the servlet of an application.
     *
     * @param addresses determines the address of the client
     * @param pseudonym returns a keyed hash of a user or another text, for the audit log
     * @param nanos returns the time, like {@link System#nanoTime()}
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
        this.accessControl = new AdminAccessControl(settings, audit, nanos);
        this.routes = new RouteTable(new Routes(operations, new OpenApiDocument(json::quoted)).table());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        AdminResponse result;
        try {
            result = route(request, response);
        } catch (ProblemException problem) {
            problem.headers().forEach(response::setHeader);
            byte[] body = JsonWriter.write(problem.body()).getBytes(StandardCharsets.UTF_8);
            send(request, response, problem.type().status(), ContentNegotiation.PROBLEM, body);
            return;
        }
        if (result.location() != null) {
            response.setHeader("Location", request.getContextPath() + request.getServletPath() + result.location());
        }
        byte[] body = result.json().getBytes(StandardCharsets.UTF_8);
        send(request, response, result.status(), ContentNegotiation.JSON, body);
    }

    private AdminResponse route(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (!settings.isEnabled()) {
                throw new ProblemException(
                        AdminProblemType.UNKNOWN_PATH, "There is no such path; the admin API is disabled.");
            }
            ClientAddress address =
                    addresses.of(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
            String caller = accessControl.admit(request, address);
            ContentNegotiation.requireAcceptance(request);
            RouteTable.Found found = routes.find(request.getMethod(), request.getPathInfo());
            if (found.route() == null) {
                response.setHeader("Allow", found.allow());
                return AdminResponse.noContent();
            }
            return handle(request, found.route(), found.parts(), caller, address);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw ProblemException.of(e);
        }
    }

    private AdminResponse handle(
            HttpServletRequest request, Route route, Map<String, String> parts, String caller, ClientAddress address) {
        AuditLog.Entry auditEntry = audit.entry();
        int status = AdminProblemType.INTERNAL_ERROR.status();
        try {
            AdminResponse result = route.handler().handle(new AdminRequest(route, parts, request, json, auditEntry));
            status = result.status();
            return result;
        } catch (RuntimeException e) {
            ProblemException problem = ProblemException.of(e);
            status = problem.type().status();
            throw problem;
        } finally {
            if (route.changes()) {
                audit.write(caller, route.action(), auditEntry, status, address);
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
