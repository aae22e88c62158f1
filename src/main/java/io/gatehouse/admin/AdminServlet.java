package io.gatehouse.admin;

import io.gatehouse.operate.JsonWriter;
import io.gatehouse.operate.Operator;
import io.gatehouse.ratelimit.ClientAddress;
import io.gatehouse.ratelimit.ClientAddresses;
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
    private final transient ClientAddresses addresses;
    private final transient JsonBodies json;
    private final transient AuditLog audit;
    private final transient Access access;
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
            Operator operator,
            ClientAddresses addresses,
            UnaryOperator<String> pseudonym,
            JsonBodies json,
            LongSupplier nanos) {
        this.settings = settings;
        this.addresses = addresses;
        this.json = json;
        this.audit = new AuditLog(pseudonym);
        this.access = new Access(settings, audit, nanos);
        this.routes = new RouteTable(new Routes(operator, new Description(json::quoted)).table());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        Answer answer;
        try {
            answer = answer(request, response);
        } catch (Problem problem) {
            problem.headers().forEach(response::setHeader);
            byte[] body = JsonWriter.write(problem.body()).getBytes(StandardCharsets.UTF_8);
            send(request, response, problem.type().status(), Media.PROBLEM, body);
            return;
        }
        if (answer.below() != null) {
            response.setHeader("Location", request.getContextPath() + request.getServletPath() + answer.below());
        }
        byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
        send(request, response, answer.status(), Media.JSON, body);
    }

    private Answer answer(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (!settings.isOn()) {
                throw new Problem(ProblemType.UNKNOWN_PATH, "There is no such path.");
            }
            ClientAddress address =
                    addresses.of(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
            String caller = access.admit(request, address);
            Media.requireAcceptance(request);
            RouteTable.Found found = routes.find(request.getMethod(), request.getPathInfo());
            if (found.route() == null) {
                response.setHeader("Allow", found.allow());
                return Answer.nothing();
            }
            return answer(request, found.route(), found.parts(), caller, address);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw Problem.of(e);
        }
    }

    private Answer answer(
            HttpServletRequest request, Route route, Map<String, String> parts, String caller, ClientAddress address) {
        AuditLog.Entry about = audit.entry();
        int status = ProblemType.INTERNAL_ERROR.status();
        try {
            Answer answer = route.handler().handle(new Call(route, parts, request, json, about));
            status = answer.status();
            return answer;
        } catch (RuntimeException e) {
            Problem problem = Problem.of(e);
            status = problem.type().status();
            throw problem;
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
