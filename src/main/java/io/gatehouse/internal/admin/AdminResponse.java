package io.gatehouse.internal.admin;

import io.gatehouse.internal.ops.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The response of a route.
 *
 * @param body the body, written as JSON; null if there is a text or no body
 * @param text the body as JSON text, or null
 * @param location the path of a resource to follow, relative to the path of the API, or null
 */
record AdminResponse(
        int status,
        @Nullable Record body,
        @Nullable String text,
        @Nullable String location) {

    static AdminResponse ok(Record body) {
        return new AdminResponse(200, body, null, null);
    }

    static AdminResponse ok(String json) {
        return new AdminResponse(200, null, json, null);
    }

    /** Returns a response for accepted work, whose progress is shown by the resource at a location. */
    static AdminResponse accepted(Record body, String location) {
        return new AdminResponse(202, body, null, location);
    }

    static AdminResponse noContent() {
        return new AdminResponse(204, null, "", null);
    }

    /** Returns the body as JSON. */
    String json() {
        return text != null ? text : body == null ? "" : JsonWriter.write(body);
    }
}
