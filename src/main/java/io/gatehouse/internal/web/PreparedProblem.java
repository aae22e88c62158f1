package io.gatehouse.internal.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The body of the response to refused requests, encoded once for all that are refused for the same reason and time; only the id is
 * filled in. The bodies that were used last are cached. Immutable.
 */
final class PreparedProblem {
    private static final UUID PLACEHOLDER = new UUID(0, 0);
    private static final int MOST = 1_000;
    private static final LoadingCache<Reason, PreparedProblem> PREPARED =
            Caffeine.newBuilder().maximumSize(MOST).build(PreparedProblem::new);

    private final byte[] beforeId;
    private final byte[] afterId;

    /** All that a body depends on, except its id. */
    private record Reason(WebProblemType type, long retryAfter, List<String> policies, boolean html) {}

    private PreparedProblem(Reason reason) {
        ProblemDetails problem = new ProblemDetails(reason.type(), reason.retryAfter(), reason.policies(), PLACEHOLDER);
        String body = reason.html() ? ProblemPage.html(problem) : problem.json();
        String id = PLACEHOLDER.toString();
        int start = body.indexOf(id);
        this.beforeId = body.substring(0, start).getBytes(StandardCharsets.UTF_8);
        this.afterId = body.substring(start + id.length()).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the page of a problem in UTF-8. */
    static byte[] html(ProblemDetails problem) {
        // the page does not name the rules
        return body(new Reason(problem.type(), problem.retryAfter(), List.of(), true), problem.id());
    }

    /** Returns the JSON of a problem in UTF-8. */
    static byte[] json(ProblemDetails problem) {
        return body(new Reason(problem.type(), problem.retryAfter(), problem.policies(), false), problem.id());
    }

    private static byte[] body(Reason reason, UUID id) {
        PreparedProblem prepared = PREPARED.get(reason);
        String text = id.toString();
        int before = prepared.beforeId.length;
        byte[] body = new byte[before + text.length() + prepared.afterId.length];
        System.arraycopy(prepared.beforeId, 0, body, 0, before);
        for (int i = 0; i < text.length(); i++) {
            body[before + i] = (byte) text.charAt(i);
        }
        System.arraycopy(prepared.afterId, 0, body, before + text.length(), prepared.afterId.length);
        return body;
    }
}
