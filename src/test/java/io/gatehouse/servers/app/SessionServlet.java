package io.gatehouse.servers.app;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.wiring.GatehouseRuntime;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Performs the session operation that the path names, and responds with its result. */
@WebServlet(urlPatterns = "/session/*", asyncSupported = true)
public class SessionServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().print(result(request, Objects.toString(request.getParameter("what"), "nothing")));
    }

    private static Object result(HttpServletRequest request, String what) {
        return switch (path(request)) {
            case "/count" -> count(request.getSession());
            case "/count-locked" -> countLocked(request.getSession());
            case "/list" -> list(request.getSession(), what);
            case "/basket" -> basket(request.getSession(), what);
            case "/guest" -> guest(request.getSession(), request.getParameter("what"));
            case "/change-id" -> changeId(request);
            case "/invalidate" -> invalidate(request);
            case "/live-a-second" -> liveASecond(request.getSession());
            case "/requested" ->
                request.getRequestedSessionId() + " " + request.isRequestedSessionIdValid() + " "
                        + request.isRequestedSessionIdFromCookie();
            case "/id" -> request.getSession().getId();
            case "/container" -> containerSession(request);
            case "/request-type" -> request.getAttribute(RequestTypeFilter.ATTRIBUTE);
            case "/node" -> System.getProperty("gatehouse.node");
            case "/driver" ->
                ((GatehouseRuntime) Gatehouse.of(request.getServletContext()).orElseThrow())
                        .taskSchedule()
                        .driver();
            default -> throw new IllegalArgumentException(path(request));
        };
    }

    private static String path(HttpServletRequest request) {
        Object included = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
        return included instanceof String path ? path : request.getPathInfo();
    }

    static int count(HttpSession session) {
        Object before = session.getAttribute("count");
        int now = before instanceof Integer number ? number + 1 : 1;
        session.setAttribute("count", now);
        return now;
    }

    private static int countLocked(HttpSession session) {
        synchronized (session) {
            return count(session);
        }
    }

    /** Sets the attribute once; afterwards modifies the list in place. */
    @SuppressWarnings("unchecked")
    private static List<String> list(HttpSession session, String what) {
        synchronized (session) {
            List<String> list = (List<String>) session.getAttribute("list");
            if (list == null) {
                list = new ArrayList<>();
                session.setAttribute("list", list);
            }
            list.add(what);
            return List.copyOf(list);
        }
    }

    private static List<String> basket(HttpSession session, String what) {
        Basket basket = (Basket) session.getAttribute("basket");
        if (basket == null) {
            basket = new Basket();
        }
        basket.getItems().add(what);
        session.setAttribute("basket", basket);
        return basket.getItems();
    }

    private static String guest(HttpSession session, @Nullable String name) {
        if (name != null) {
            session.setAttribute("guest", new Guest(name));
        }
        Guest guest = (Guest) session.getAttribute("guest");
        return guest == null ? "unknown" : guest.name();
    }

    private static String changeId(HttpServletRequest request) {
        String before = request.getSession().getId();
        String after = request.changeSessionId();
        return before + " " + after;
    }

    private static String invalidate(HttpServletRequest request) {
        request.getSession().invalidate();
        return request.getSession(false) == null ? "gone" : "still there";
    }

    private static int liveASecond(HttpSession session) {
        session.setMaxInactiveInterval(1);
        return session.getMaxInactiveInterval();
    }

    /** Returns the id of the server's own session for this request, below every wrapper. */
    private static String containerSession(HttpServletRequest request) {
        request.getSession();
        ServletRequest raw = request;
        while (raw instanceof ServletRequestWrapper wrapper) {
            raw = wrapper.getRequest();
        }
        HttpSession session = ((HttpServletRequest) raw).getSession(false);
        return session == null ? "none" : session.getId();
    }
}
