package io.gatehouse.servers.limited;

import io.gatehouse.ratelimit.RateLimited;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean all of whose methods are rate limited together. */
@ApplicationScoped
@RateLimited("catalog")
public class Catalog {

    public String first() {
        return "first";
    }

    public String second() {
        return "second";
    }
}
