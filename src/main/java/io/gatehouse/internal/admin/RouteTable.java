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
     * The result of a search.
     *
     * @param route the route, or null if the request method is OPTIONS
     * @param parts the values of the segments in braces
     * @param allow the methods of the path
     */
    record Found(@Nullable Route route, Map<String, String> parts, String allow) {}

    /**
     * Finds the route for a request.
     *
     * @param path the path relative to the path of the API, with or without a trailing slash; null for the API itself
     * @throws ProblemException if there is no such path, or it does not support the method
     */
    Found find(String method, @Nullable String path) {
        String normalized = path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String template = routes.stream()
                .filter(route -> route.match(normalized) != null)
                .map(Route::path)
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        AdminProblemType.UNKNOWN_PATH, "There is no such path; see openapi.json for all paths."));
        List<Route> candidates =
                routes.stream().filter(route -> route.path().equals(template)).toList();
        String allow = allow(candidates);
        if (method.equals("OPTIONS")) {
            return new Found(null, Map.of(), allow);
        }
        String wanted = method.equals("HEAD") ? "GET" : method;
        Route route = candidates.stream()
                .filter(candidate -> candidate.method().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                                AdminProblemType.METHOD_NOT_ALLOWED,
                                "The path does not support this method; expected one of " + allow + ".")
                        .with("Allow", allow));
        return new Found(route, Objects.requireNonNull(route.match(normalized)), allow);
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
