package io.gatehouse.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The servlet of every contender. {@code /new?user=...} creates a session, {@code /read} reads one attribute, {@code /change} reads and
 * sets one attribute. Each returns the 20 digits that the attribute starts with.
 */
final class SampleServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Application.Keeping keeping;

    SampleServlet(Application.Keeping keeping) {
        this.keeping = keeping;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String value = switch (request.getServletPath()) {
            case "/new" -> create(request.getSession(), request.getParameter("user"));
            case "/change" -> change(request.getSession(false));
            default -> read(request);
        };
        if (value == null) {
            response.sendError(HttpServletResponse.SC_GONE);
            return;
        }
        response.setContentType("text/plain");
        response.setContentLength(Sample.COUNT_LENGTH);
        response.getOutputStream().write(value.substring(0, Sample.COUNT_LENGTH).getBytes(StandardCharsets.US_ASCII));
    }

    private String create(HttpSession session, String user) {
        Sample.NAMES.forEach(name -> session.setAttribute(name, Sample.value(0)));
        session.setAttribute(keeping.userAttribute(), user);
        return Sample.value(0);
    }

    private @Nullable String read(HttpServletRequest request) {
        return switch (keeping) {
            case NOTHING -> Sample.value(0);
            case BARE_GET -> BareGetFilter.valueOf(request);
            default -> attribute(request.getSession(false));
        };
    }

    private static @Nullable String change(@Nullable HttpSession session) {
        String before = attribute(session);
        if (session == null || before == null) {
            return null;
        }
        String after = Sample.value(Sample.countOf(before) + 1);
        session.setAttribute(Sample.NAMES.get(0), after);
        return after;
    }

    private static @Nullable String attribute(@Nullable HttpSession session) {
        return session == null ? null : (String) session.getAttribute(Sample.NAMES.get(0));
    }
}
