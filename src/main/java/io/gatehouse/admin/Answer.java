package io.gatehouse.admin;

import io.gatehouse.operate.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a route.
 *
 * @param body written as JSON, or null if there is a text, or none
 * @param text JSON already, or null
 * @param below where to look for more, below the address of the API, or null
 */
record Answer(
        int status,
        @Nullable Record body,
        @Nullable String text,
        @Nullable String below) {

    static Answer ok(Record body) {
        return new Answer(200, body, null, null);
    }

    static Answer ok(String json) {
        return new Answer(200, null, json, null);
    }

    /** Accepted work, whose progress another resource shows. */
    static Answer accepted(Record body, String below) {
        return new Answer(202, body, null, below);
    }

    static Answer nothing() {
        return new Answer(204, null, "", null);
    }

    /** The body as JSON. */
    String json() {
        return text != null ? text : body == null ? "" : JsonWriter.write(body);
    }
}
