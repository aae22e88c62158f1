package io.gatehouse.internal.tracing;

/** An operation of Gatehouse that has a span. The names of the spans are part of the contract. */
public enum TracedOperation {
    /** A request for which the server has no span yet. */
    REQUEST("gatehouse.request"),
    /** The check of the rate limits and the login protection for one request. */
    RATE_LIMIT_DECISION("gatehouse.ratelimit.decide"),
    /** Reading the session of one request. */
    SESSION_LOAD("gatehouse.session.load"),
    /** Storing a session that has changed. */
    SESSION_SAVE("gatehouse.session.save"),
    /** The call of a loader of the application. */
    CACHE_LOAD("gatehouse.cache.load"),
    /** One attempt to run a job. */
    JOB_RUN("gatehouse.job.run");

    private final String spanName;

    TracedOperation(String spanName) {
        this.spanName = spanName;
    }

    /** Returns the name of the span. */
    public String spanName() {
        return spanName;
    }
}
