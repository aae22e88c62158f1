package io.gatehouse.internal.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table: what is done for a method and a path. Immutable.
 *
 * @param path below the address of the API; a part in braces is any text
 * @param action what the audit log calls it, which names it in the description too
 * @param changes whether it changes anything, and so is told to the audit log
 * @param query names of parameters that it takes
 * @param body members of the body that it takes; empty for no body at all
 */
record Route(
        String method,
        String path,
        String action,
        boolean changes,
        List<String> query,
        List<BodyField> body,
        Handler handler) {

    /** Does it. */
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

    /** What a path has in place of the parts in braces, or null if it is another path. */
    @Nullable
    Map<String, String> match(String actual) {
        String[] ours = path.split("/", -1);
        String[] theirs = actual.split("/", -1);
        if (ours.length != theirs.length) {
            return null;
        }
        Map<String, String> parts = new LinkedHashMap<>();
        boolean fits = IntStream.range(0, ours.length).allMatch(i -> {
            if (ours[i].startsWith("{") && !theirs[i].isEmpty()) {
                parts.put(ours[i].substring(1, ours[i].length() - 1), theirs[i]);
                return true;
            }
            return ours[i].equals(theirs[i]);
        });
        return fits ? parts : null;
    }
}
