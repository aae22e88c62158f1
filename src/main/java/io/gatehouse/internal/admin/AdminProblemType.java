package io.gatehouse.internal.admin;

/** Why a call is not answered as wished: types of problems for RFC 9457. Their URIs are part of the contract. */
enum AdminProblemType {
    INVALID_REQUEST("invalid-request", 400, "Invalid request"),
    UNAUTHENTICATED("unauthenticated", 401, "A valid token is needed"),
    FORBIDDEN("forbidden", 403, "Not allowed"),
    CROSS_SITE("cross-site", 403, "Not from a page of this origin"),
    UNKNOWN_PATH("unknown-path", 404, "There is no such path"),
    NOT_THERE("not-there", 404, "Not there, or no longer"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The path has no such method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "Answers are JSON only"),
    SWITCHED_OFF("switched-off", 409, "Switched off in this application"),
    TOO_LARGE("too-large", 413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Bodies are application/json only"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
    INTERNAL_ERROR("internal-error", 500, "Something went wrong here"),
    QUEUE_FULL("queue-full", 503, "The queue of jobs is full"),
    REDIS_UNAVAILABLE("redis-unavailable", 503, "Redis cannot do this now");

    private static final String BASE = "urn:gatehouse:problem:";

    private final String label;
    private final int status;
    private final String title;

    AdminProblemType(String label, int status, String title) {
        this.label = label;
        this.status = status;
        this.title = title;
    }

    String uri() {
        return BASE + label;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }
}
