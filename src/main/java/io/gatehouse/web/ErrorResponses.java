package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.session.SessionLimitReached;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The answer to a request that could not be served, as what was thrown wants it. */
final class ErrorResponses {
    private static final System.Logger LOG = System.getLogger(ErrorResponses.class.getName());
    private static final String RETRY_AFTER_SECONDS = "2";

    private ErrorResponses() {}

    /** Makes an answer that has not left yet an error. */
    static void send(HttpServletResponse response, GatehouseException reason, Admission admission) {
        try {
            if (reason instanceof RateLimitExceeded exceeded) {
                admission.refuse(response, exceeded.decision());
                return;
            }
            int status = status(reason);
            LOG.log(System.Logger.Level.DEBUG, "answered {0}: {1}", status, reason.getMessage());
            response.reset();
            if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
            }
            admission.allowOrigin(response);
            response.sendError(status);
        } catch (IOException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "and that could not be sent: {0}", e.getMessage());
        }
    }

    /** The answer to a request that came while the application stops. */
    static void sendStopped(HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }

    private static int status(GatehouseException reason) {
        if (reason instanceof RecentAuthRequired) {
            return HttpServletResponse.SC_UNAUTHORIZED;
        }
        return reason instanceof SessionLimitReached
                ? HttpServletResponse.SC_FORBIDDEN
                : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
    }
}
