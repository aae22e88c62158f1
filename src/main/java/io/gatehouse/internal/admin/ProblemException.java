package io.gatehouse.internal.admin;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.ops.FeatureDisabledException;
import io.gatehouse.internal.ops.NotFoundException;
import io.gatehouse.jobs.JobRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Thrown to respond with a problem (RFC 9457). Its message is sent to the caller and contains no secret. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(ProblemException.class.getName());
    private static final long REDIS_RETRY_SECONDS = 2;
    private static final long QUEUE_RETRY_SECONDS = 60;

    private final AdminProblemType type;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    /** Identifies this problem in the response and in the log. */
    private final UUID id = UUID.randomUUID();

    ProblemException(AdminProblemType type, @Nullable String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    static ProblemException invalid(@Nullable String detail) {
        return new ProblemException(AdminProblemType.INVALID_REQUEST, detail);
    }

    /** Returns the problem for an exception. Details of an unexpected exception go to the log only. */
    static ProblemException of(Throwable thrown) {
        if (thrown instanceof ProblemException problem) {
            return problem;
        }
        if (thrown instanceof NotFoundException) {
            return new ProblemException(AdminProblemType.NOT_FOUND, thrown.getMessage());
        }
        if (thrown instanceof FeatureDisabledException) {
            return new ProblemException(AdminProblemType.FEATURE_DISABLED, thrown.getMessage());
        }
        if (thrown instanceof JobRefusedException) {
            return new ProblemException(AdminProblemType.QUEUE_FULL, thrown.getMessage())
                    .retryAfter(QUEUE_RETRY_SECONDS);
        }
        if (thrown instanceof RedisUnavailableException unavailable) {
            String reason = unavailable.reason().label();
            return new ProblemException(
                            AdminProblemType.REDIS_UNAVAILABLE,
                            "Redis is unavailable: " + reason
                                    + ". The change may have been made completely, partly or not at all.")
                    .retryAfter(REDIS_RETRY_SECONDS);
        }
        if (thrown instanceof IllegalArgumentException) {
            return invalid(thrown.getMessage());
        }
        ProblemException problem = new ProblemException(
                AdminProblemType.INTERNAL_ERROR,
                "An unexpected error occurred; the log of the server has the details.");
        LOG.log(System.Logger.Level.ERROR, "an admin API call failed unexpectedly, urn:uuid:" + problem.id, thrown);
        return problem;
    }

    /** Adds a header to the response. */
    ProblemException with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    ProblemException retryAfter(long seconds) {
        return with("Retry-After", Long.toString(seconds));
    }

    AdminProblemType type() {
        return type;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Returns the body of the response. */
    Body body() {
        return new Body(type.uri(), type.title(), type.status(), getMessage(), "urn:uuid:" + id);
    }

    /** The members of a problem, as in RFC 9457. */
    record Body(
            String type, String title, int status, @Nullable String detail, String instance) {}
}
