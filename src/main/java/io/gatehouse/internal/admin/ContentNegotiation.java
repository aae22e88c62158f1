package io.gatehouse.internal.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks the content types: requests and responses are JSON in UTF-8. */
final class ContentNegotiation {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    private static final List<String> RANGES = List.of("*/*", "application/*", JSON);
    private static final Set<String> UTF_8 = Set.of("charset=utf-8", "charset=\"utf-8\"");
    private static final String ZERO_QUALITY = "q=0(\\.0{0,3})?";

    private ContentNegotiation() {}

    /** @throws ProblemException if the {@code Accept} header excludes JSON (RFC 9110, section 12.5.1) */
    static void requireAcceptance(HttpServletRequest request) {
        String accept = String.join(",", Collections.list(request.getHeaders("Accept")));
        if (!accept.isBlank() && !accepts(accept.toLowerCase(Locale.ROOT))) {
            throw new ProblemException(
                    AdminProblemType.NOT_ACCEPTABLE,
                    "Responses are " + JSON + ", which the header Accept excludes; add it or send no Accept.");
        }
    }

    /** Returns whether JSON is acceptable. The most specific matching range decides. */
    private static boolean accepts(String accept) {
        int highestPrecision = -1;
        boolean accepted = false;
        for (String item : accept.split(",", -1)) {
            String[] parts = item.split(";", -1);
            int precision = RANGES.indexOf(parts[0].strip());
            if (precision >= 0 && precision >= highestPrecision) {
                boolean wanted = true;
                for (int i = 1; i < parts.length; i++) {
                    wanted &= !parts[i].strip().matches(ZERO_QUALITY);
                }
                accepted = precision == highestPrecision ? accepted || wanted : wanted;
                highestPrecision = precision;
            }
        }
        return accepted;
    }

    /** @throws ProblemException if the content type is not JSON in UTF-8, or the body is encoded */
    static void requireJson(HttpServletRequest request) {
        String type = request.getContentType();
        String[] parts = (type == null ? "" : type.toLowerCase(Locale.ROOT)).split(";", -1);
        boolean json = parts[0].strip().equals(JSON);
        for (int i = 1; i < parts.length; i++) {
            json &= UTF_8.contains(parts[i].strip());
        }
        String encoding = request.getHeader("Content-Encoding");
        if (!json || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw new ProblemException(
                    AdminProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The content type of the body is not supported; expected Content-Type: " + JSON
                            + ", in UTF-8 and not compressed.");
        }
    }
}
