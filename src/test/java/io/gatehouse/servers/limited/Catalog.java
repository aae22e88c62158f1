package io.gatehouse.servers.limited;

import io.gatehouse.ratelimit.RateLimited;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean whose methods share one rate limit. */
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
