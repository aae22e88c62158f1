package io.gatehouse.internal.health;

import io.gatehouse.internal.health.HealthReport.Answer;
import io.gatehouse.internal.ops.JsonWriter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servlet for {@code GET <prefix>/health/{redis,cache,system,live,ready,started}}, with or without a trailing slash. Responds 200 if
 * the part is healthy, else 503; the JSON has the same form in both cases.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The probes by the last segment of their paths. */
    private static final Map<String, BiFunction<HealthReport, Boolean, Answer<?>>> PROBES = Map.of(
            "live", (report, admin) -> report.live(),
            "ready", (report, admin) -> report.ready(),
            "started", (report, admin) -> report.started());

    private static final Map<String, BiFunction<HealthReport, Boolean, Answer<?>>> REPORTS = Map.of(
            "redis", HealthReport::redis,
            "cache", (report, admin) -> report.cache(),
            "system", HealthReport::system);

    /** The last segments of the paths of all probes. */
    public static final Set<String> PROBE_NAMES = PROBES.keySet();

    /** The last segments of the paths of all probes and reports. */
    public static final Set<String> NAMES =
            Stream.concat(PROBES.keySet().stream(), REPORTS.keySet().stream()).collect(Collectors.toUnmodifiableSet());

    private final transient HealthReport report;
    private final transient Predicate<HttpServletRequest> admin;
    private final boolean onlyProbes;

    private HealthServlet(HealthReport report, Predicate<HttpServletRequest> admin, boolean onlyProbes) {
        this.report = report;
        this.admin = admin;
        this.onlyProbes = onlyProbes;
    }

    /**
     * Returns a servlet for all probes and reports.
     *
     * @param admin returns whether a request has admin rights and may see versions
     */
    public static HealthServlet of(HealthReport report, Predicate<HttpServletRequest> admin) {
        return new HealthServlet(report, admin, false);
    }

    /** Returns a servlet for the probes only. */
    public static HealthServlet ofProbes(HealthReport report) {
        return new HealthServlet(report, request -> false, true);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String below = request.getPathInfo() == null ? "" : request.getPathInfo();
        String name = below.replaceAll("^/|/$", "");
        BiFunction<HealthReport, Boolean, Answer<?>> handler = PROBES.get(name);
        if (handler == null && !onlyProbes) {
            handler = REPORTS.get(name);
        }
        if (handler == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Answer<?> answer = handler.apply(report, admin.test(request));
        byte[] json = JsonWriter.write(answer.body()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.up() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
