package io.gatehouse.web;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A refusal as RFC 9457 describes problems, for programs. It is written by hand, because a server may have no JSON-B, and
 * holds nothing that the client sent. Immutable.
 *
 * @param retryAfter seconds
 * @param policies names of the rules that refuse; empty if none in particular does
 * @param id tells this refusal from others, in the answer and in the log
 */
record ProblemDetails(ProblemType type, long retryAfter, List<String> policies, UUID id) {
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

    /** What happened and when to come back, for people. */
    String detail() {
        return type.sentence() + " Please try again in " + time() + '.';
    }

    /** Rounded up, so that nobody comes too early. */
    private String time() {
        if (retryAfter > 2 * HOUR) {
            return (retryAfter + HOUR - 1) / HOUR + " hours";
        }
        if (retryAfter > 2 * MINUTE) {
            return (retryAfter + MINUTE - 1) / MINUTE + " minutes";
        }
        return retryAfter == 1 ? "1 second" : retryAfter + " seconds";
    }

    /** A string of JSON (RFC 8259, 7). */
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
