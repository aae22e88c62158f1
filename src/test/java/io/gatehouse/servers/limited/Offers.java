package io.gatehouse.servers.limited;

import io.gatehouse.ratelimit.RateLimited;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean with one method that is rate limited. */
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
