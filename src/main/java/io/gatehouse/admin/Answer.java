package io.gatehouse.admin;

import io.gatehouse.operate.Document;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers.
 *
 * @param document written as JSON, unless there is a text
 * @param text JSON already, or null
 * @param below where to look for more, below the address of the API, or null
 */
record Answer(
        int status,
        Document document,
        @Nullable String text,
        @Nullable String below) {

    static Answer ok(Document document) {
        return new Answer(200, document, null, null);
    }

    static Answer ok(String json) {
        return new Answer(200, new Document(), json, null);
    }

    /** Something will be done; how far it is can be seen elsewhere. */
    static Answer accepted(Document document, String below) {
        return new Answer(202, document, null, below);
    }

    static Answer nothing() {
        return new Answer(204, new Document(), null, null);
    }
}
