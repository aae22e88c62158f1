package io.gatehouse.internal.admin;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.rules.Limit;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Admits the calls of the admin API that carry a token (RFC 6750, in the {@code Authorization} header only) or come from a user whom
 * the container has authenticated and who has the role.
 *
 * <p>Protection against CSRF: browsers also send cookies with requests that other sites cause. A caller with the role must therefore
 * prove, for each call that may change something, that a page of the same origin made it. The proof is {@code Sec-Fetch-Site}, or
 * {@code Origin} from browsers that do not send that, together with a header that forms cannot set and that scripts of another origin
 * can set only after a CORS preflight, which the admin API never allows.
 *
 * <p>A valid token is admitted even after many failures from the same address: behind a proxy that is not configured as trusted all
 * callers share one address, and a token is too long to be guessed at any rate. The limit on failures only keeps the log small.
 * Thread-safe.
 */
public final class AdminAccessControl {
    static final String PROOF = "X-Gatehouse-Admin";

    private static final Limit FAILURES = Limit.parse("10/min");
    private static final Pattern BEARER = Pattern.compile("Bearer +([^ ]+) *", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final AdminSettings settings;
    private final AuditLog audit;
    private final LocalRateLimiter failures;
    private final LocalRateLimiter calls;

    AdminAccessControl(AdminSettings settings, AuditLog audit, LongSupplier nanos) {
        this.settings = settings;
        this.audit = audit;
        this.failures = new LocalRateLimiter(FAILURES, nanos);
        this.calls = new LocalRateLimiter(settings.rate(), nanos);
    }

    /**
     * Admits a call.
     *
     * @return the name of the caller in the audit log
     * @throws ProblemException if the call is not admitted
     */
    String admit(HttpServletRequest request, ClientAddress address) {
        String presented = presented(request);
        String token = token(settings, presented);
        String caller;
        if (token != null) {
            caller = "token:" + token;
        } else if (hasRole(settings, request)) {
            caller = "role:" + request.getRemoteUser(); // an unknown token may belong to the container
            requireSameOrigin(request, caller, address);
        } else {
            throw refused(request, presented, address);
        }
        LocalRateLimiter.Outcome outcome = calls.take(caller);
        if (outcome.isRefused()) {
            if (outcome.first()) {
                audit.refused(caller, "too-many-requests", AdminProblemType.TOO_MANY_REQUESTS, address);
            }
            throw tooMany(outcome);
        }
        return caller;
    }

    /** Returns whether the request carries a valid token or comes from a user with the role. */
    public static boolean isAdmin(AdminSettings settings, HttpServletRequest request) {
        return token(settings, presented(request)) != null || hasRole(settings, request);
    }

    private static @Nullable String presented(HttpServletRequest request) {
        Matcher bearer = BEARER.matcher(header(request, "Authorization"));
        return bearer.matches() ? bearer.group(1) : null;
    }

    private static @Nullable String token(AdminSettings settings, @Nullable String presented) {
        return presented == null
                ? null
                : TokenVerifier.name(presented, settings.tokens().get());
    }

    private static boolean hasRole(AdminSettings settings, HttpServletRequest request) {
        return !settings.role().isEmpty() && request.isUserInRole(settings.role());
    }

    private ProblemException refused(HttpServletRequest request, @Nullable String presented, ClientAddress address) {
        if (presented == null && !settings.role().isEmpty() && request.getUserPrincipal() != null) {
            return refused(
                    "user:" + request.getRemoteUser(),
                    "role-missing",
                    new ProblemException(
                            AdminProblemType.FORBIDDEN,
                            "This user does not have the role that the admin API requires."),
                    address);
        }
        String challenge = "Bearer realm=\"gatehouse-admin\"";
        return presented == null
                ? refused(
                        AuditLog.ANONYMOUS,
                        "no-credentials",
                        new ProblemException(
                                        AdminProblemType.UNAUTHENTICATED,
                                        "Credentials are missing; expected the header Authorization: Bearer <token>.")
                                .with("WWW-Authenticate", challenge),
                        address)
                : refused(
                        AuditLog.ANONYMOUS,
                        "wrong-token",
                        new ProblemException(
                                        AdminProblemType.UNAUTHENTICATED, "The token is invalid or no longer accepted.")
                                .with("WWW-Authenticate", challenge + ", error=\"invalid_token\""),
                        address);
    }

    /** Logs the refusal and returns its problem. After too many failures from the address, logs nothing and returns another problem. */
    private ProblemException refused(
            String actor, String reason, ProblemException problemException, ClientAddress address) {
        LocalRateLimiter.Outcome outcome = failures.take(address.ip());
        if (!outcome.isRefused()) {
            audit.refused(actor, reason, problemException.type(), address);
            return problemException;
        }
        if (outcome.first()) {
            audit.refused(actor, "too-many-failures", AdminProblemType.TOO_MANY_REQUESTS, address);
        }
        return tooMany(outcome);
    }

    private static ProblemException tooMany(LocalRateLimiter.Outcome outcome) {
        return new ProblemException(
                        AdminProblemType.TOO_MANY_REQUESTS,
                        "Too many requests; retry in " + outcome.waitSeconds() + " s.")
                .retryAfter(outcome.waitSeconds());
    }

    private void requireSameOrigin(HttpServletRequest request, String caller, ClientAddress address) {
        if (SAFE.contains(request.getMethod()) || isSameOrigin(request)) {
            return;
        }
        throw refused(
                caller,
                "cross-site",
                new ProblemException(
                        AdminProblemType.CROSS_SITE,
                        "A session is not enough to change something; expected the header " + PROOF
                                + ": 1, sent by a page of the same origin."),
                address);
    }

    private static boolean isSameOrigin(HttpServletRequest request) {
        if (!header(request, PROOF).equals("1")) {
            return false;
        }
        String site = header(request, "Sec-Fetch-Site");
        return site.isEmpty()
                ? matchesHost(header(request, "Origin"), header(request, "Host"))
                : site.equals("same-origin") || site.equals("none");
    }

    /** Compares host and port only: behind a proxy that terminates TLS, the scheme is unknown. */
    private static boolean matchesHost(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            String authority = uri.getRawAuthority();
            return authority != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value.strip();
    }
}
