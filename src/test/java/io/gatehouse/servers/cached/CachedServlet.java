package io.gatehouse.servers.cached;

import io.gatehouse.RedisClient;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.warmup.Warmer;
import io.gatehouse.warmup.WarmupReport;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/** Calls the cached methods and injected objects, and reports what they return or throw. */
@WebServlet("/ask/*")
public class CachedServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration KEPT = Duration.ofMinutes(10);

    @Inject
    transient Directory directory;

    @Inject
    transient CacheManager cache;

    @Inject
    transient CacheInvalidator invalidator;

    @Inject
    transient Jobs jobs;

    @Inject
    transient Warmer warmer;

    @Inject
    @RedisClient(RedisPurpose.CACHE)
    transient UnifiedJedis redis;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        Object result;
        try {
            result = result(request.getPathInfo(), request.getParameter("what"));
        } catch (Unknown e) {
            result = "thrown " + e.getMessage();
        }
        response.getWriter().print(result);
    }

    private @Nullable Object result(String path, String what) throws Unknown {
        return switch (path) {
            case "/find" -> directory.find(what, "red");
            case "/change" -> directory.change(what);
            case "/disband" -> directory.disband(what);
            case "/refuse" -> directory.refuse(what);
            case "/get" -> cache.get(what).orElse("none");
            case "/load" -> cache.<String>getOrSet(what, loader(Thread.currentThread()), KEPT);
            case "/ttl" -> cache.ttl(what).map(Duration::toSeconds).orElse(0L);
            case "/invalidate" -> invalidator.invalidateByPattern(what);
            case "/count" -> count(what);
            case "/run" -> run(what, Map.of());
            case "/greet" -> run("greet", Map.of("user", what));
            case "/warm-scope" -> run("warm-all", Map.of("scope", what));
            case "/warm" -> counts(warmer.warmUserData(List.of(what, Directory.UNKNOWN)));
            case "/warm-by-manager" -> counts(cache.warmer().warmUserData(List.of(what, Directory.UNKNOWN)));
            default -> throw new IllegalArgumentException(path);
        };
    }

    /** Counts calls on all nodes in the Redis of the cache. */
    private long count(String key) {
        long count = redis.incr(key);
        redis.expire(key, TIMEOUT.toSeconds());
        return count;
    }

    private String run(String job, Map<String, String> arguments) {
        JobRun run = jobs.await(jobs.submit(job, arguments), TIMEOUT);
        return run.state() + ": "
                + (run.result() == null ? run.message() : run.result().message());
    }

    private static String counts(WarmupReport report) {
        return report.warmed() + " warmed, " + report.missing() + " missing, " + report.failed() + " failed";
    }

    private static CacheLoader<String> loader(Thread caller) {
        return () -> (Thread.currentThread() == caller ? "the same thread" : "another thread") + " of "
                + CDI.current().select(Directory.class).get().node() + ", " + executor();
    }

    @SuppressWarnings("BanJNDI") // a fixed name that the server defines
    static String executor() throws NamingException {
        return InitialContext.doLookup("java:comp/DefaultManagedExecutorService") instanceof ExecutorService
                ? "executor found"
                : "something else found";
    }
}
