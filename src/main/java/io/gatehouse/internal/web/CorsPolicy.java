package io.gatehouse.internal.web;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;

/**
 * The CORS policy (Fetch Standard, HTTP CORS protocol) for responses that Gatehouse writes in place of the application. The application's
 * own CORS filter does not see these requests. Disabled without an allowed origin. Immutable.
 *
 * @param origins allowed origins, or {@code *}; empty if the policy is disabled
 * @param credentials whether scripts may read responses to requests with cookies
 * @param exposedHeaders names of the headers that scripts may read
 */
public record CorsPolicy(Set<String> origins, boolean credentials, List<String> exposedHeaders) {
    static final CorsPolicy OFF = new CorsPolicy(Set.of(), false, List.of());

    static final Setting<List<String>> ALLOWED_ORIGINS = Setting.list(
            "GATEHOUSE_CORS_ALLOWED_ORIGINS",
            "",
            "Origins whose scripts may read the 429 and 503 responses of Gatehouse, separated by commas, such as `https://app.example.com`, or `*`. Use the origins that the application's CORS filter allows. CORS preflight requests are then not rate limited.");
    static final Setting<Boolean> ALLOW_CREDENTIALS = Setting.flag(
            "GATEHOUSE_CORS_ALLOW_CREDENTIALS",
            false,
            "Whether these scripts may read responses to requests with cookies. Not allowed with the origin `*`.");
    static final Setting<List<String>> EXPOSED_HEADERS = Setting.list(
            "GATEHOUSE_CORS_EXPOSED_HEADERS",
            "Retry-After, RateLimit, RateLimit-Policy",
            "Headers of these responses that scripts may read, separated by commas.");

    static final List<Setting<?>> ALL = List.of(ALLOWED_ORIGINS, ALLOW_CREDENTIALS, EXPOSED_HEADERS);

    private static final String ANY = "*";
    private static final String ORIGIN =
            "[a-z][a-z0-9+.-]*://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+\\])(:[1-9][0-9]{0,4})?";
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    public CorsPolicy {
        origins = Set.copyOf(origins);
        exposedHeaders = List.copyOf(exposedHeaders);
    }

    /** Reads the settings. Invalid values are recorded as problems of the configuration. */
    static CorsPolicy from(Config config) {
        List<String> origins = config.read(ALLOWED_ORIGINS);
        boolean credentials = config.read(ALLOW_CREDENTIALS);
        List<String> exposed = config.read(EXPOSED_HEADERS);
        if (!origins.stream().allMatch(origin -> origin.equals(ANY) || origin.matches(ORIGIN))) {
            config.problem(
                    ALLOWED_ORIGINS,
                    "origins in lower case without a path, such as https://app.example.com or http://localhost:3000, or *");
        } else if (origins.contains(ANY) && origins.size() > 1) {
            config.problem(ALLOWED_ORIGINS, "* alone, or origins without *");
        }
        if (credentials && origins.contains(ANY)) {
            config.problem(
                    ALLOW_CREDENTIALS,
                    "False if GATEHOUSE_CORS_ALLOWED_ORIGINS is *, because browsers reject this combination");
        }
        if (credentials && origins.isEmpty()) {
            config.problem(ALLOW_CREDENTIALS, "False if GATEHOUSE_CORS_ALLOWED_ORIGINS is not set");
        }
        if (!exposed.stream().allMatch(name -> name.matches(TOKEN))) {
            config.problem(EXPOSED_HEADERS, "header names separated by commas");
        }
        return new CorsPolicy(Set.copyOf(origins), credentials, exposed);
    }

    boolean isEnabled() {
        return !origins.isEmpty();
    }

    /** Returns whether a request is a CORS preflight request and the policy is enabled. */
    boolean isPreflight(HttpServletRequest request) {
        return isEnabled()
                && "OPTIONS".equals(request.getMethod())
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Sets the CORS headers of a response, if the policy is enabled. */
    void apply(HttpServletRequest request, HttpServletResponse response) {
        if (!isEnabled()) {
            return;
        }
        boolean any = origins.contains(ANY);
        if (!any) {
            response.addHeader("Vary", "Origin");
        }
        String origin = request.getHeader("Origin");
        if (origin == null || !(any || origins.contains(origin))) {
            return;
        }
        response.setHeader("Access-Control-Allow-Origin", any ? ANY : origin);
        if (credentials) {
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        if (!exposedHeaders.isEmpty()) {
            response.setHeader("Access-Control-Expose-Headers", String.join(", ", exposedHeaders));
        }
    }
}
