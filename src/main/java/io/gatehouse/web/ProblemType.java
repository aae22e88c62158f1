package io.gatehouse.web;

/**
 * Why a request is refused, in the words of draft-ietf-httpapi-ratelimit-headers-11, sections 5 and 10.2: types of problems
 * for RFC 9457.
 */
enum ProblemType {
    /** Rules of the limiter say it is too much. */
    QUOTA_EXCEEDED(
            "quota-exceeded", 429, "Quota Exceeded", "Too many requests", "There were more requests than allowed."),
    /** Too many failures: a lock-out, or somebody who tries one account after the other. */
    ABNORMAL_USAGE_DETECTED(
            "abnormal-usage-detected",
            429,
            "Abnormal Usage Detected",
            "Too many attempts",
            "Too many attempts have failed."),
    /** Nobody can count at the moment, and the rule lets nothing through uncounted. */
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

    ProblemType(String label, int status, String title, String heading, String sentence) {
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

    /** As registered, for programs and those who write them. */
    String title() {
        return title;
    }

    /** For people, as the heading of a page. */
    String heading() {
        return heading;
    }

    /** What happened, in one sentence for people. */
    String sentence() {
        return sentence;
    }
}
