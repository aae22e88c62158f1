package io.gatehouse.internal.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What bodies may be, and what answers are: JSON in UTF-8. */
final class ContentNegotiation {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    private static final List<String> RANGES = List.of("*/*", "application/*", JSON);
    private static final Set<String> UTF_8 = Set.of("charset=utf-8", "charset=\"utf-8\"");
    private static final String NOTHING = "q=0(\\.0{0,3})?";

    private ContentNegotiation() {}

    /** @throws ProblemException if the caller says that it does not take JSON (RFC 9110, section 12.5.1) */
    static void requireAcceptance(HttpServletRequest request) {
        String accept = String.join(",", Collections.list(request.getHeaders("Accept")));
        if (!accept.isBlank() && !accepts(accept.toLowerCase(Locale.ROOT))) {
            throw new ProblemException(
                    AdminProblemType.NOT_ACCEPTABLE, "Answers are " + JSON + ", which Accept leaves out.");
        }
    }

    /** The most precise range that fits decides. */
    private static boolean accepts(String accept) {
        int decisive = -1;
        boolean accepted = false;
        for (String item : accept.split(",", -1)) {
            String[] parts = item.split(";", -1);
            int precision = RANGES.indexOf(parts[0].strip());
            if (precision >= 0 && precision >= decisive) {
                boolean wanted = true;
                for (int i = 1; i < parts.length; i++) {
                    wanted &= !parts[i].strip().matches(NOTHING);
                }
                accepted = precision == decisive ? accepted || wanted : wanted;
                decisive = precision;
            }
        }
        return accepted;
    }

    /** @throws ProblemException if the body is said to be anything but JSON in UTF-8, as it is */
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
                    "Send the body with Content-Type: " + JSON + ", in UTF-8.");
        }
    }
}
