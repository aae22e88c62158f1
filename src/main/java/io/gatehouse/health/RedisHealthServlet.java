package io.gatehouse.health;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /api/v1/core/health/redis/}: 200 while all is well, 503 while it is not, with the same JSON. */
public final class RedisHealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Where it is to be mapped; the last slash may be left out. Open Liberty does not match an exact path that ends in one. */
    public static final String MAPPING = "/api/v1/core/health/redis/*";

    private final transient HealthReport report;
    private final transient Jsonb jsonb = JsonbBuilder.create();

    public RedisHealthServlet(HealthReport report) {
        this.report = report;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String below = request.getPathInfo();
        if (below != null && !below.equals("/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        byte[] json = jsonb.toJson(report.redis()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(report.isUp() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
