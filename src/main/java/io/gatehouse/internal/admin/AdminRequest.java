package io.gatehouse.internal.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a caller sent to a route, checked against what the route takes. For one thread. */
final class AdminRequest {
    static final int LARGEST_BODY = 64 * 1024;
    static final String CONFIRM = "X-Gatehouse-Confirm";

    private final HttpServletRequest request;
    private final Map<String, String> path;
    private final Map<String, String> query;
    private final Map<String, Object> body;
    private final AuditLog.Entry about;

    /** @throws ProblemException if it is not what the route takes */
    AdminRequest(
            Route route, Map<String, String> path, HttpServletRequest request, JsonBodies json, AuditLog.Entry about) {
        this.request = request;
        this.path = path;
        this.about = about;
        this.query = query(request.getQueryString(), route.query());
        this.body = body(route, request, json);
    }

    /** Reads the query itself: asking the request would take a form in the body for parameters too. */
    private static Map<String, String> query(@Nullable String text, List<String> allowed) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!allowed.contains(name)) {
                throw ProblemException.invalid("There is a query parameter that this does not take; expected "
                        + (allowed.isEmpty() ? "none" : "only " + String.join(", ", allowed)) + ".");
            }
            if (query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                throw ProblemException.invalid("The query parameter " + name + " is there twice.");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("The query is not percent-encoded as it should be.");
        }
    }

    private static Map<String, Object> body(Route route, HttpServletRequest request, JsonBodies json) {
        if (route.body().isEmpty()) {
            if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
                throw ProblemException.invalid("There is a body; expected none.");
            }
            return Map.of();
        }
        ContentNegotiation.requireJson(request);
        Map<String, Object> body = json.read(bytes(request));
        Set<String> known = route.body().stream().map(BodyField::name).collect(Collectors.toSet());
        if (!known.containsAll(body.keySet())) {
            throw ProblemException.invalid("The body has a member that this does not take; expected only "
                    + route.body().stream().map(BodyField::name).collect(Collectors.joining(", ")) + ".");
        }
        route.body().forEach(bodyField -> bodyField.check(body));
        return body;
    }

    private static byte[] bytes(HttpServletRequest request) {
        ProblemException tooLarge =
                new ProblemException(AdminProblemType.TOO_LARGE, "The body is larger than " + LARGEST_BODY + " bytes.");
        if (request.getContentLengthLong() > LARGEST_BODY) {
            throw tooLarge;
        }
        byte[] bytes;
        try {
            bytes = request.getInputStream().readNBytes(LARGEST_BODY + 1);
        } catch (IOException e) {
            throw ProblemException.invalid("The body cannot be read to its end.");
        }
        if (bytes.length > LARGEST_BODY) {
            throw tooLarge;
        }
        return bytes;
    }

    String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    /** Where the API is on this server, without the last slash. */
    String base() {
        return request.getContextPath() + request.getServletPath();
    }

    String path(String name) {
        String part = path.get(name);
        if (part == null) {
            throw new IllegalStateException("the path of this route has no " + name);
        }
        return part;
    }

    String query(String name) {
        return query.getOrDefault(name, "");
    }

    /** A number in the query, between 1 and a bound. */
    int number(String name, int without, int most) {
        String text = query.get(name);
        if (text == null) {
            return without;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw ProblemException.invalid("The query parameter " + name + " is no number from 1 to " + most + ".");
        }
        return Integer.parseInt(text);
    }

    /** A text that the body must have. */
    String text(String name) {
        String text = optional(name);
        if (text == null) {
            throw new IllegalStateException("the body of this route need not have " + name);
        }
        return text;
    }

    @Nullable
    String optional(String name) {
        return body.get(name) instanceof String text ? text : null;
    }

    /** Texts; none if the member is not there. */
    List<String> texts(String name) {
        return body.get(name) instanceof List<?> items
                ? items.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** Texts by name; none if the member is not there. */
    Map<String, String> textMap(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (body.get(name) instanceof Map<?, ?> members) {
            members.forEach((key, value) -> texts.put((String) key, (String) value));
        }
        return texts;
    }

    /** What the audit log is told about it. */
    AuditLog.Entry about() {
        return about;
    }
}
