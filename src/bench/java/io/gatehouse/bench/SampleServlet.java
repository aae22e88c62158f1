package io.gatehouse.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The servlet of every application. {@code /new?user=U&attributes=N&length=L} creates a session, {@code /read} reads one attribute,
 * {@code /change} reads and sets one attribute, and any other path uses no session. Each returns 20 digits: the count that the attribute
 * starts with.
 */
public final class SampleServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String NOTHING = Sample.value(0);

    private final Application.Kind kind;

    /** Creates the servlet of an application without a session store, as a web.xml does. */
    public SampleServlet() {
        this(Application.Kind.NOTHING);
    }

    SampleServlet(Application.Kind kind) {
        this.kind = kind;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String value = switch (request.getServletPath()) {
            case "/new" -> create(request.getSession(), request);
            case "/change" -> change(request.getSession(false));
            case "/read" -> read(request);
            default -> NOTHING;
        };
        if (value == null) {
            response.sendError(HttpServletResponse.SC_GONE);
            return;
        }
        response.setContentType("text/plain");
        response.setContentLength(Sample.COUNT_LENGTH);
        response.getOutputStream().write(value.substring(0, Sample.COUNT_LENGTH).getBytes(StandardCharsets.US_ASCII));
    }

    private String create(HttpSession session, HttpServletRequest request) {
        int attributes = Integer.parseInt(request.getParameter("attributes"));
        String value = Sample.value(0, Integer.parseInt(request.getParameter("length")));
        for (int i = 0; i < attributes; i++) {
            session.setAttribute(Sample.name(i), value);
        }
        session.setAttribute(kind.userAttribute(), request.getParameter("user"));
        return value;
    }

    private @Nullable String read(HttpServletRequest request) {
        return switch (kind) {
            case NOTHING -> NOTHING;
            case BARE_GET -> BareGetFilter.valueOf(request);
            default -> attribute(request.getSession(false));
        };
    }

    private static @Nullable String change(@Nullable HttpSession session) {
        String before = attribute(session);
        if (session == null || before == null) {
            return null;
        }
        String after = Sample.value(Sample.countOf(before) + 1, before.length());
        session.setAttribute(Sample.FIRST, after);
        return after;
    }

    private static @Nullable String attribute(@Nullable HttpSession session) {
        return session == null ? null : (String) session.getAttribute(Sample.FIRST);
    }
}
