package io.gatehouse.internal.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The servlet for {@code GET} and {@code HEAD} of all metrics, as Prometheus text 0.0.4, or as OpenMetrics text for clients that accept
 * it. It requires no login, because no metric is about a user. Must be mapped to a path that ends in {@code /*}, because Open Liberty does
 * not match an exact path that ends in a slash.
 */
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient GatehouseMetrics gatehouseMetrics;
    private final transient ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final transient ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

    public MetricsServlet(GatehouseMetrics gatehouseMetrics) {
        this.gatehouseMetrics = gatehouseMetrics;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String below = request.getPathInfo();
        String method = request.getMethod();
        if (below != null && !below.equals("/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (method.equals("GET") || method.equals("HEAD")) {
            write(request.getHeader("Accept"), method.equals("GET"), response);
        } else {
            response.setHeader("Allow", "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        }
    }

    private void write(@Nullable String accept, boolean withBody, HttpServletResponse response) throws IOException {
        ExpositionFormatWriter writer = openMetrics.accepts(accept) ? openMetrics : text;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(body, gatehouseMetrics.scrape());
        response.setContentType(writer.getContentType());
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.size());
        if (withBody) {
            body.writeTo(response.getOutputStream());
        }
    }
}
