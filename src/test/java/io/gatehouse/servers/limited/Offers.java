package io.gatehouse.servers.limited;

import io.gatehouse.ratelimit.RateLimited;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean with one rate limited method. */
@ApplicationScoped
public class Offers {

    @RateLimited("offer")
    public String limited() {
        return "limited";
    }

    public String free() {
        return "free";
    }
}
