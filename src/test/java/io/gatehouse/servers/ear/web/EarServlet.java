package io.gatehouse.servers.ear.web;

import io.gatehouse.Gatehouse;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.servers.ear.lib.Archive;
import io.gatehouse.servers.ear.office.Clerk;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import javax.naming.InitialContext;

/** Calls the shared beans on behalf of its WAR, and reports what they return or throw. */
@WebServlet("/ask/*")
public class EarServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Inject
    transient Archive archive;

    @Inject
    transient Instance<CacheManager> cache;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        Object result;
        try {
            result = result(request, String.valueOf(request.getParameter("what")));
        } catch (Exception e) {
            result = "thrown " + e;
        }
        response.getWriter().print(result);
    }

    private Object result(HttpServletRequest request, String what) throws Exception {
        return switch (request.getPathInfo()) {
            case "/put" -> archive.put(what, request.getContextPath());
            case "/get" -> archive.get(what);
            case "/get-through-gatehouse" -> archive.getThroughGatehouse(what);
            case "/get-by-war" -> cache.get().get(what).map(String::valueOf).orElse("none");
            case "/get-by-ejb" -> clerk().fetch(what);
            case "/number" -> archive.number(what);
            case "/outside" -> archive.outside();
            case "/sign-in" -> logIn(request.getSession(), what);
            case "/sessions" -> archive.sessionsOf(what);
            case "/count" -> count(request.getSession());
            case "/job" -> job(Gatehouse.of(getServletContext()).orElseThrow());
            default -> throw new IllegalArgumentException(request.getPathInfo());
        };
    }

    @SuppressWarnings("BanJNDI") // a fixed name
    private static Clerk clerk() throws Exception {
        return InitialContext.doLookup("java:app/office/Clerk");
    }

    private static String logIn(HttpSession session, String user) {
        session.setAttribute("io.gatehouse.user", user);
        return "hello " + user;
    }

    private static int count(HttpSession session) {
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    private static String job(Gatehouse gatehouse) {
        JobRun run = gatehouse.jobs().await(gatehouse.jobs().submit("file", Map.of()), TIMEOUT);
        return run.result() == null
                ? run.state() + " " + run.message()
                : run.result().message();
    }
}
