package io.gatehouse.internal.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A route: the method and path of an operation, what it accepts, and its handler. Immutable.
 *
 * @param path the path relative to the path of the API; a segment in braces matches any text
 * @param action its name in the audit log, and its {@code operationId} in the OpenAPI description
 * @param changes whether it changes anything and is therefore logged
 * @param query the names of the query parameters that it accepts
 * @param body the members that it accepts in the body; if empty, it accepts no body
 */
record Route(
        String method,
        String path,
        String action,
        boolean changes,
        List<String> query,
        List<BodyField> body,
        Handler handler) {

    /** Handles the requests of a route. */
    @FunctionalInterface
    interface Handler {
        AdminResponse handle(AdminRequest adminRequest);
    }

    static Route reads(String method, String path, String action, Handler handler) {
        return new Route(method, path, action, false, List.of(), List.of(), handler);
    }

    static Route changes(String method, String path, String action, Handler handler) {
        return new Route(method, path, action, true, List.of(), List.of(), handler);
    }

    Route query(String... names) {
        return new Route(method, path, action, changes, List.of(names), body, handler);
    }

    Route body(BodyField... members) {
        return new Route(method, path, action, changes, query, List.of(members), handler);
    }

    /** Returns the values of the segments in braces, or null if the path does not match. */
    @Nullable
    Map<String, String> match(String actual) {
        String[] expected = path.split("/", -1);
        String[] found = actual.split("/", -1);
        if (expected.length != found.length) {
            return null;
        }
        Map<String, String> parts = new LinkedHashMap<>();
        boolean matches = IntStream.range(0, expected.length).allMatch(i -> {
            if (expected[i].startsWith("{") && !found[i].isEmpty()) {
                parts.put(expected[i].substring(1, expected[i].length() - 1), found[i]);
                return true;
            }
            return expected[i].equals(found[i]);
        });
        return matches ? parts : null;
    }
}
