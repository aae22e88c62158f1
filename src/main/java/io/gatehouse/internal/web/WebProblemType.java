package io.gatehouse.internal.web;

/**
 * The reason for which a request is refused: a problem type (RFC 9457) of draft-ietf-httpapi-ratelimit-headers-11, sections 5 and
 * 10.2.
 */
enum WebProblemType {
    /** A rate limit rule refuses the request. */
    QUOTA_EXCEEDED(
            "quota-exceeded", 429, "Quota Exceeded", "Too many requests", "There were more requests than allowed."),
    /** Too many login attempts have failed, at an account or from an address. */
    ABNORMAL_USAGE_DETECTED(
            "abnormal-usage-detected",
            429,
            "Abnormal Usage Detected",
            "Too many attempts",
            "Too many attempts have failed."),
    /** Redis is unavailable, and the rule admits no request without counting it. */
    TEMPORARY_REDUCED_CAPACITY(
            "temporary-reduced-capacity",
            503,
            "Temporary Reduced Capacity",
            "Not available right now",
            "This cannot be answered right now.");

    private static final String REGISTRY = "https://iana.org/assignments/http-problem-types#";

    private final String label;
    private final int status;
    private final String title;
    private final String heading;
    private final String sentence;

    WebProblemType(String label, int status, String title, String heading, String sentence) {
        this.label = label;
        this.status = status;
        this.title = title;
        this.heading = heading;
        this.sentence = sentence;
    }

    String uri() {
        return REGISTRY + label;
    }

    int status() {
        return status;
    }

    /** Returns the registered title, for programs. */
    String title() {
        return title;
    }

    /** Returns the heading of the page, for people. */
    String heading() {
        return heading;
    }

    /** Returns what happened, in one sentence for people. */
    String sentence() {
        return sentence;
    }
}
