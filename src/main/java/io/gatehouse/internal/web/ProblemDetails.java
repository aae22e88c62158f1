package io.gatehouse.internal.web;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The problem details (RFC 9457) of a refused request, for programs. The JSON is written here, because a server may have no JSON-B.
 * It contains nothing that the client has sent. Immutable.
 *
 * @param retryAfter seconds
 * @param policies names of the rules that refuse; empty if no particular rule does
 * @param id identifies this refusal in the response and in the log
 */
record ProblemDetails(WebProblemType type, long retryAfter, List<String> policies, UUID id) {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    ProblemDetails {
        policies = List.copyOf(policies);
    }

    String json() {
        String violated = policies.stream()
                .map(ProblemDetails::quoted)
                .collect(Collectors.joining(",", ",\"violated-policies\":[", "]"));
        return "{\"type\":" + quoted(type.uri())
                + ",\"title\":" + quoted(type.title())
                + ",\"status\":" + type.status()
                + ",\"detail\":" + quoted(detail())
                + ",\"instance\":" + quoted("urn:uuid:" + id)
                + (policies.isEmpty() ? "" : violated)
                + '}';
    }

    /** Returns what happened and when to retry, for people. */
    String detail() {
        return type.sentence() + " Please try again in " + time() + '.';
    }

    /** Returns the time rounded up, so that clients do not retry too early. */
    private String time() {
        if (retryAfter > 2 * HOUR) {
            return (retryAfter + HOUR - 1) / HOUR + " hours";
        }
        if (retryAfter > 2 * MINUTE) {
            return (retryAfter + MINUTE - 1) / MINUTE + " minutes";
        }
        return retryAfter == 1 ? "1 second" : retryAfter + " seconds";
    }

    /** Returns a JSON string (RFC 8259, section 7). */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
