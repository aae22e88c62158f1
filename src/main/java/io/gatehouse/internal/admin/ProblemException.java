package io.gatehouse.internal.admin;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.ops.FeatureDisabledException;
import io.gatehouse.internal.ops.NotFoundException;
import io.gatehouse.jobs.JobRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Thrown to answer with a problem (RFC 9457). Its message is for the caller and holds no secret. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(ProblemException.class.getName());
    private static final long REDIS_RETRY_SECONDS = 2;
    private static final long QUEUE_RETRY_SECONDS = 60;

    private final AdminProblemType type;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    /** Tells this one from others, in the answer and in the log. */
    private final UUID id = UUID.randomUUID();

    ProblemException(AdminProblemType type, @Nullable String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    static ProblemException invalid(@Nullable String detail) {
        return new ProblemException(AdminProblemType.INVALID_REQUEST, detail);
    }

    /** What something that was thrown means to the caller; what it should not mean is told to the log only. */
    static ProblemException of(Throwable thrown) {
        if (thrown instanceof ProblemException problemException) {
            return problemException;
        }
        if (thrown instanceof NotFoundException) {
            return new ProblemException(AdminProblemType.NOT_THERE, thrown.getMessage());
        }
        if (thrown instanceof FeatureDisabledException) {
            return new ProblemException(AdminProblemType.SWITCHED_OFF, thrown.getMessage());
        }
        if (thrown instanceof JobRefusedException) {
            return new ProblemException(AdminProblemType.QUEUE_FULL, thrown.getMessage())
                    .retryAfter(QUEUE_RETRY_SECONDS);
        }
        if (thrown instanceof RedisUnavailableException away) {
            String reason = away.reason().label();
            return new ProblemException(
                            AdminProblemType.REDIS_UNAVAILABLE,
                            "Redis: " + reason + ". What was to be changed may have been changed, or a part of it.")
                    .retryAfter(REDIS_RETRY_SECONDS);
        }
        if (thrown instanceof IllegalArgumentException) {
            return invalid(thrown.getMessage());
        }
        ProblemException problemException =
                new ProblemException(AdminProblemType.INTERNAL_ERROR, "The log of the server says more.");
        LOG.log(System.Logger.Level.ERROR, "a call of the admin API failed, urn:uuid:" + problemException.id, thrown);
        return problemException;
    }

    /** Has the answer carry a header. */
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

    /** The answer, in the form of RFC 9457. */
    Body body() {
        return new Body(type.uri(), type.title(), type.status(), getMessage(), "urn:uuid:" + id);
    }

    /** The members of a problem. */
    record Body(
            String type, String title, int status, @Nullable String detail, String instance) {}
}
