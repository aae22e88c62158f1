package io.gatehouse.web;

import io.gatehouse.ratelimit.ClientAddress;
import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.ratelimit.RateLimitCheck;
import io.gatehouse.ratelimit.RateLimitRequest;
import io.gatehouse.redis.Flight;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request before the limits: asked about on its way in, answered here if they refuse it, settled when its outcome is known.
 * Its methods are called one after the other.
 */
final class Admission {
    private static final Decision WITHOUT_LIMITS = new Decision.Allowed(List.of());

    private final RateLimiting limiting;
    private final HttpServletRequest request;
    private final @Nullable String userTag;
    private @Nullable RateLimitCheck check;
    private @Nullable ClientAddress address;

    /** @param userTag what stands for the user in a genuine token, or null if nobody is logged in */
    Admission(RateLimiting limiting, HttpServletRequest request, @Nullable String userTag) {
        this.limiting = limiting;
        this.request = request;
        this.userTag = userTag;
    }

    /** Where the request comes from; {@link ClientAddresses} says who is believed about it. */
    synchronized ClientAddress address() {
        ClientAddress known = address;
        if (known == null) {
            known = limiting.addresses()
                    .of(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
            address = known;
        }
        return known;
    }

    /** Puts into a flight what has to be asked; says whether the request is refused already, without asking. */
    boolean isRefusedAtOnce(String path, Flight flight) {
        RateLimitRequest limited =
                new RateLimitRequest(request.getMethod(), path, address(), userTag, request::getHeader);
        RateLimitCheck begun = limiting.limiter().begin(limited, flight);
        check = begun;
        return begun.isRefused();
    }

    /** What the limits say, once the flight was sent. */
    Decision decision() {
        return check == null ? WITHOUT_LIMITS : check.decision();
    }

    /** Whether the application gets to see the request; if not, it is answered here. */
    boolean passes(HttpServletResponse response) throws IOException {
        Decision decision = decision();
        boolean authenticated = userTag != null;
        if (decision instanceof Decision.Allowed allowed) {
            if (limiting.headers()) {
                RateLimitAnswer.success(response, allowed, authenticated);
            }
            return true;
        }
        if (decision instanceof Decision.Refused refused) {
            RateLimitAnswer.refuse(request, response, refused, authenticated);
        } else if (decision instanceof Decision.Unavailable away) {
            RateLimitAnswer.refuse(
                    request, response, ProblemType.TEMPORARY_REDUCED_CAPACITY, away.retryAfter(), List.of());
        }
        return false;
    }

    /** The answer is known: rules that count failures only give back what was none. */
    void settle(HttpServletResponse response) {
        RateLimitCheck known = check;
        if (known != null) {
            known.settle(response.getStatus());
        }
    }
}
