package io.gatehouse.servers.cached;

import io.gatehouse.cache.Cached;
import io.gatehouse.cache.InvalidatesCache;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;

/** A bean with cached methods, whose results name the node and count the calls. */
@ApplicationScoped
public class Directory {
    static final String UNKNOWN = "unknown";

    private final AtomicInteger calls = new AtomicInteger();

    @Cached(region = "user", key = "{0}", tags = "team:{1}", ttl = "5m")
    public String find(String user, String team) throws Unknown {
        if (user.equals(UNKNOWN)) {
            throw new Unknown(user);
        }
        return user + " of " + team + ", call " + calls.incrementAndGet() + " of " + node();
    }

    @InvalidatesCache(region = "user", key = "{0}")
    public String change(String user) {
        return user + " changed";
    }

    @InvalidatesCache(tags = "team:{0}")
    public String disband(String team) {
        return team + " disbanded";
    }

    @InvalidatesCache(region = "user", key = "{0}")
    public String refuse(String user) throws Unknown {
        throw new Unknown(user);
    }

    /** Returns the node on which it runs. */
    public String node() {
        return System.getProperty("gatehouse.node");
    }
}
