package io.gatehouse.internal.admin;

import io.gatehouse.internal.ops.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a route.
 *
 * @param body written as JSON, or null if there is a text, or none
 * @param text JSON already, or null
 * @param below where to look for more, below the address of the API, or null
 */
record AdminResponse(
        int status,
        @Nullable Record body,
        @Nullable String text,
        @Nullable String below) {

    static AdminResponse ok(Record body) {
        return new AdminResponse(200, body, null, null);
    }

    static AdminResponse ok(String json) {
        return new AdminResponse(200, null, json, null);
    }

    /** Accepted work, whose progress another resource shows. */
    static AdminResponse accepted(Record body, String below) {
        return new AdminResponse(202, body, null, below);
    }

    static AdminResponse nothing() {
        return new AdminResponse(204, null, "", null);
    }

    /** The body as JSON. */
    String json() {
        return text != null ? text : body == null ? "" : JsonWriter.write(body);
    }
}
