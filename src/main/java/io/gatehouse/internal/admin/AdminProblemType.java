package io.gatehouse.internal.admin;

/** The problem types of the admin API (RFC 9457). Their URIs are part of the contract. */
enum AdminProblemType {
    INVALID_REQUEST("invalid-request", 400, "Invalid request"),
    UNAUTHENTICATED("unauthenticated", 401, "A valid token is required"),
    FORBIDDEN("forbidden", 403, "Not allowed"),
    CROSS_SITE("cross-site", 403, "The request does not come from the same origin"),
    UNKNOWN_PATH("unknown-path", 404, "Unknown path"),
    NOT_FOUND("not-there", 404, "Not found"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
    NOT_ACCEPTABLE("not-acceptable", 406, "Responses are available as JSON only"),
    FEATURE_DISABLED("switched-off", 409, "Disabled in this application"),
    TOO_LARGE("too-large", 413, "Request body too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Request bodies must be application/json"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
    INTERNAL_ERROR("internal-error", 500, "Internal error"),
    QUEUE_FULL("queue-full", 503, "The job queue is full"),
    REDIS_UNAVAILABLE("redis-unavailable", 503, "Redis is unavailable");

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
