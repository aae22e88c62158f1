package io.gatehouse.admin;

import io.gatehouse.jobs.JobRefused;
import io.gatehouse.operate.NotThere;
import io.gatehouse.operate.SwitchedOff;
import io.gatehouse.redis.RedisUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Thrown to answer with a problem (RFC 9457). Its message is for the caller and holds no secret. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(Problem.class.getName());
    private static final long REDIS_RETRY_SECONDS = 2;
    private static final long QUEUE_RETRY_SECONDS = 60;

    private final ProblemType type;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    /** Tells this one from others, in the answer and in the log. */
    private final UUID id = UUID.randomUUID();

    Problem(ProblemType type, @Nullable String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    static Problem invalid(@Nullable String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, detail);
    }

    /** What something that was thrown means to the caller; what it should not mean is told to the log only. */
    static Problem of(Throwable thrown) {
        if (thrown instanceof Problem problem) {
            return problem;
        }
        if (thrown instanceof NotThere) {
            return new Problem(ProblemType.NOT_THERE, thrown.getMessage());
        }
        if (thrown instanceof SwitchedOff) {
            return new Problem(ProblemType.SWITCHED_OFF, thrown.getMessage());
        }
        if (thrown instanceof JobRefused) {
            return new Problem(ProblemType.QUEUE_FULL, thrown.getMessage()).retryAfter(QUEUE_RETRY_SECONDS);
        }
        if (thrown instanceof RedisUnavailable away) {
            String reason = away.reason().label();
            return new Problem(
                            ProblemType.REDIS_UNAVAILABLE,
                            "Redis: " + reason + ". What was to be changed may have been changed, or a part of it.")
                    .retryAfter(REDIS_RETRY_SECONDS);
        }
        if (thrown instanceof IllegalArgumentException) {
            return invalid(thrown.getMessage());
        }
        Problem problem = new Problem(ProblemType.INTERNAL_ERROR, "The log of the server says more.");
        LOG.log(System.Logger.Level.ERROR, "a call of the admin API failed, urn:uuid:" + problem.id, thrown);
        return problem;
    }

    /** Has the answer carry a header. */
    Problem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    Problem retryAfter(long seconds) {
        return with("Retry-After", Long.toString(seconds));
    }

    ProblemType type() {
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
