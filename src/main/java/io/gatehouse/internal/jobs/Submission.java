package io.gatehouse.internal.jobs;

import io.gatehouse.internal.redis.ReplyReader;
import java.util.List;

/**
 * The outcome of a submission.
 *
 * @param status what has happened
 * @param known the names that live nodes know, if none knows the submitted one
 */
record Submission(Status status, List<String> known) {
    /** What has happened. */
    enum Status {
        SUBMITTED,
        /** The period has a run already, or a run of the job is due or running. */
        NOT_NOW,
        /** The queue is full. */
        FULL,
        /** The start is too far ahead. */
        TOO_FAR,
        /** No live node knows the job. */
        UNKNOWN
    }

    static Submission of(ReplyReader reply) {
        if (reply.isList()) {
            return new Submission(Status.UNKNOWN, reply.texts());
        }
        return new Submission(
                switch (reply.oneOf("submitted", "full", "not now", "too far")) {
                    case "submitted" -> Status.SUBMITTED;
                    case "full" -> Status.FULL;
                    case "too far" -> Status.TOO_FAR;
                    default -> Status.NOT_NOW;
                },
                List.of());
    }
}
