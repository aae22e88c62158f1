package io.gatehouse.internal.admin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the route for a method and a path. Immutable. */
final class RouteTable {
    private final List<Route> routes;

    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * What is there.
     *
     * @param route null if only {@code allow} was asked for
     * @param parts what the path has in place of the parts in braces
     * @param allow the methods of the path
     */
    record Found(@Nullable Route route, Map<String, String> parts, String allow) {}

    /**
     * Finds it.
     *
     * @param path below the address of the API, with or without a last slash, or null for none
     * @throws ProblemException if there is no such path, or no such method there
     */
    Found find(String method, @Nullable String path) {
        String asked = path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String template = routes.stream()
                .filter(route -> route.match(asked) != null)
                .map(Route::path)
                .findFirst()
                .orElseThrow(() -> new ProblemException(AdminProblemType.UNKNOWN_PATH, "There is no such path."));
        List<Route> there =
                routes.stream().filter(route -> route.path().equals(template)).toList();
        String allow = allow(there);
        if (method.equals("OPTIONS")) {
            return new Found(null, Map.of(), allow);
        }
        String wanted = method.equals("HEAD") ? "GET" : method;
        Route route = there.stream()
                .filter(candidate -> candidate.method().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                                AdminProblemType.METHOD_NOT_ALLOWED, "Expected one of " + allow + ".")
                        .with("Allow", allow));
        return new Found(route, Objects.requireNonNull(route.match(asked)), allow);
    }

    private static String allow(List<Route> routes) {
        Set<String> methods = new LinkedHashSet<>();
        for (Route route : routes) {
            methods.add(route.method());
            if (route.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }
}
