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

/** The path, query and body of a request, validated against its route. Not thread-safe. */
final class AdminRequest {
    static final int MAX_BODY_BYTES = 64 * 1024;
    static final String CONFIRM = "X-Gatehouse-Confirm";

    private final HttpServletRequest request;
    private final Map<String, String> path;
    private final Map<String, String> query;
    private final Map<String, Object> body;
    private final AuditLog.Entry auditEntry;

    /** @throws ProblemException if the request has a query parameter or body that the route does not accept */
    AdminRequest(
            Route route,
            Map<String, String> path,
            HttpServletRequest request,
            JsonBodies json,
            AuditLog.Entry auditEntry) {
        this.request = request;
        this.path = path;
        this.auditEntry = auditEntry;
        this.query = query(request.getQueryString(), route.query());
        this.body = body(route, request, json);
    }

    /** Parses the query. The request is not asked for its parameters, because it would also parse a form in the body. */
    private static Map<String, String> query(@Nullable String text, List<String> allowed) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!allowed.contains(name)) {
                throw ProblemException.invalid("Unknown query parameter; expected "
                        + (allowed.isEmpty() ? "none" : "only " + String.join(", ", allowed)) + ".");
            }
            if (query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                throw ProblemException.invalid("The query parameter " + name + " occurs twice; expected it once.");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("The query is not valid percent-encoding.");
        }
    }

    private static Map<String, Object> body(Route route, HttpServletRequest request, JsonBodies json) {
        if (route.body().isEmpty()) {
            if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
                throw ProblemException.invalid("The request has a body; expected none.");
            }
            return Map.of();
        }
        ContentNegotiation.requireJson(request);
        Map<String, Object> body = json.read(bytes(request));
        Set<String> known = route.body().stream().map(BodyField::name).collect(Collectors.toSet());
        if (!known.containsAll(body.keySet())) {
            throw ProblemException.invalid("The body has an unknown member; expected only "
                    + route.body().stream().map(BodyField::name).collect(Collectors.joining(", ")) + ".");
        }
        route.body().forEach(bodyField -> bodyField.check(body));
        return body;
    }

    private static byte[] bytes(HttpServletRequest request) {
        ProblemException tooLarge = new ProblemException(
                AdminProblemType.TOO_LARGE, "The body has more than " + MAX_BODY_BYTES + " bytes, the maximum.");
        if (request.getContentLengthLong() > MAX_BODY_BYTES) {
            throw tooLarge;
        }
        byte[] bytes;
        try {
            bytes = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        } catch (IOException e) {
            throw ProblemException.invalid("The body ended before it was complete.");
        }
        if (bytes.length > MAX_BODY_BYTES) {
            throw tooLarge;
        }
        return bytes;
    }

    /** Returns a header, or an empty text if it is absent. */
    String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    /** Returns the path of the API on this server, without a trailing slash. */
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

    /** Returns a number from the query, between 1 and a maximum, or a default if it is absent. */
    int number(String name, int defaultValue, int max) {
        String text = query.get(name);
        if (text == null) {
            return defaultValue;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
            throw ProblemException.invalid(
                    "The query parameter " + name + " is invalid; expected a number from 1 to " + max + ".");
        }
        return Integer.parseInt(text);
    }

    /** Returns a text that the route requires in the body. */
    String text(String name) {
        String text = optional(name);
        if (text == null) {
            throw new IllegalStateException("the route does not require the member " + name);
        }
        return text;
    }

    @Nullable
    String optional(String name) {
        return body.get(name) instanceof String text ? text : null;
    }

    /** Returns a list of texts, empty if the member is absent. */
    List<String> texts(String name) {
        return body.get(name) instanceof List<?> items
                ? items.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** Returns texts by name, empty if the member is absent. */
    Map<String, String> textMap(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (body.get(name) instanceof Map<?, ?> members) {
            members.forEach((key, value) -> texts.put((String) key, (String) value));
        }
        return texts;
    }

    /** Returns an object, empty if the member is absent. */
    Map<String, Object> object(String name) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (body.get(name) instanceof Map<?, ?> object) {
            object.forEach((key, value) -> members.put((String) key, value));
        }
        return members;
    }

    /** Returns the entry of this request in the audit log, to which routes add members. */
    AuditLog.Entry auditEntry() {
        return auditEntry;
    }
}
