package io.gatehouse.internal.web;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;

/**
 * The CORS policy (Fetch Standard, HTTP CORS protocol) for answers that Gatehouse gives in place of the application, whose
 * own CORS filter has not seen the request then. Off without an allowed origin. Immutable.
 *
 * @param origins allowed origins, or {@code *}; empty if the policy is off
 * @param credentials whether scripts may read answers to requests with cookies
 * @param exposedHeaders names of the fields that scripts may read
 */
public record CorsPolicy(Set<String> origins, boolean credentials, List<String> exposedHeaders) {
    static final CorsPolicy OFF = new CorsPolicy(Set.of(), false, List.of());

    static final Setting<List<String>> ALLOWED_ORIGINS = Setting.list(
            "GATEHOUSE_CORS_ALLOWED_ORIGINS",
            "",
            "Origins whose scripts may read our 429 and 503, between commas: `https://app.example.com`, or `*`. CORS preflight requests are not rate limited then. Set what the application's own CORS filter allows.");
    static final Setting<Boolean> ALLOW_CREDENTIALS = Setting.flag(
            "GATEHOUSE_CORS_ALLOW_CREDENTIALS",
            false,
            "Whether these scripts may read answers to requests with cookies; not with the origin `*`.");
    static final Setting<List<String>> EXPOSED_HEADERS = Setting.list(
            "GATEHOUSE_CORS_EXPOSED_HEADERS",
            "Retry-After, RateLimit, RateLimit-Policy",
            "Fields of these answers that scripts may read.");

    static final List<Setting<?>> ALL = List.of(ALLOWED_ORIGINS, ALLOW_CREDENTIALS, EXPOSED_HEADERS);

    private static final String ANY = "*";
    private static final String ORIGIN =
            "[a-z][a-z0-9+.-]*://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+\\])(:[1-9][0-9]{0,4})?";
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    public CorsPolicy {
        origins = Set.copyOf(origins);
        exposedHeaders = List.copyOf(exposedHeaders);
    }

    /** Reads everything and leaves what is wrong with the configuration. */
    static CorsPolicy from(Config config) {
        List<String> origins = config.read(ALLOWED_ORIGINS);
        boolean credentials = config.read(ALLOW_CREDENTIALS);
        List<String> exposed = config.read(EXPOSED_HEADERS);
        if (!origins.stream().allMatch(origin -> origin.equals(ANY) || origin.matches(ORIGIN))) {
            config.problem(
                    ALLOWED_ORIGINS,
                    "origins as browsers send them, such as https://app.example.com or http://localhost:3000, in lower case and without a path, or *");
        } else if (origins.contains(ANY) && origins.size() > 1) {
            config.problem(ALLOWED_ORIGINS, "* alone, or origins without *");
        }
        if (credentials && origins.contains(ANY)) {
            config.problem(ALLOW_CREDENTIALS, "False where GATEHOUSE_CORS_ALLOWED_ORIGINS is *: browsers refuse both");
        }
        if (credentials && origins.isEmpty()) {
            config.problem(ALLOW_CREDENTIALS, "False where GATEHOUSE_CORS_ALLOWED_ORIGINS is not set");
        }
        if (!exposed.stream().allMatch(name -> name.matches(TOKEN))) {
            config.problem(EXPOSED_HEADERS, "names of header fields between commas");
        }
        return new CorsPolicy(Set.copyOf(origins), credentials, exposed);
    }

    boolean isOn() {
        return !origins.isEmpty();
    }

    /** Whether a request is a CORS preflight request and the policy is on. */
    boolean isPreflight(HttpServletRequest request) {
        return isOn()
                && "OPTIONS".equals(request.getMethod())
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Sets the fields of an answer, if the policy is on. */
    void apply(HttpServletRequest request, HttpServletResponse response) {
        if (!isOn()) {
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
