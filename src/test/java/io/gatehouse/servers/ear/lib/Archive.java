package io.gatehouse.servers.ear.lib;

import io.gatehouse.Gatehouse;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.Cached;
import io.gatehouse.session.SessionManager;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** The one bean of an EAR that all its WARs call. */
@ApplicationScoped
public class Archive {
    private static final Duration KEPT = Duration.ofMinutes(10);

    @Inject
    CacheManager cache;

    @Inject
    SessionManager sessions;

    @Inject
    Gatehouse gatehouse;

    private final AtomicInteger calls = new AtomicInteger();

    /** Caches a value, and returns the one that was there before. */
    public String put(String key, String value) {
        String before = get(key);
        cache.put(key, value, KEPT);
        return before;
    }

    /** Returns the cached value of the calling application. */
    public String get(String key) {
        return cache.get(key).map(String::valueOf).orElse("none");
    }

    /** Returns the same, found by another of the injected objects. */
    public String getThroughGatehouse(String key) {
        return gatehouse.cache().get(key).map(String::valueOf).orElse("none");
    }

    /** Counts its calls, which all WARs share, unlike the cached results. */
    @Cached(region = "user", key = "{0}", ttl = "5m")
    public int number(String key) {
        return calls.incrementAndGet();
    }

    /** Returns the number of sessions of a user in the calling application. */
    public int sessionsOf(String user) {
        return sessions.getUserSessions(user).size();
    }

    /** Returns what a call throws on a thread that belongs to no WAR. */
    public String outside() throws Exception {
        FutureTask<String> call = new FutureTask<>((Callable<String>) () -> "found " + get("key"));
        Thread thread = new Thread(call, "outside");
        thread.setContextClassLoader(Archive.class.getClassLoader());
        thread.start();
        try {
            return call.get();
        } catch (java.util.concurrent.ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }
}
