package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.wiring.SeparateApplication;
import io.gatehouse.internal.wiring.Settings;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Exercises sessions, rate limits and cache once, under an application name of its own, and removes what it created. Each
 * test returns what went wrong, or null if it succeeded.
 */
final class SmokeTests {
    private static final Script DELETE = Script.load(SmokeTests.class, "delete.lua", true);
    private static final int CACHE_BUCKETS = 16;
    private static final Duration MAX_QUEUE_TIME = Duration.ofMinutes(1);
    static final int IDLE_SECONDS = 60;

    private final Settings settings;
    private final Redis redis;
    private final String application;
    private final InstantSource clock;
    private final SeparateApplication separate;

    /** @param application a name that no real application uses */
    SmokeTests(Settings settings, Redis redis, String application, InstantSource clock) {
        this.settings = settings;
        this.redis = redis;
        this.application = application;
        this.clock = clock;
        this.separate = new SeparateApplication(settings, redis, application, clock);
    }

    /** Creates a session, reads it as another node would, and ends it. */
    @Nullable
    String session() {
        try {
            SessionRepository thisNode = sessions();
            SessionRepository otherNode = sessions();
            Session session = thisNode.create(IDLE_SECONDS, Map.of());
            VerifiedToken token;
            try {
                session.setAttribute("verify", "value");
                if (!thisNode.save(session)) {
                    return "the session ended before it was saved";
                }
                token = thisNode.ticket(session);
                if (!"value".equals(read(otherNode, token))) {
                    return "the saved attribute could not be read by another node";
                }
            } finally {
                boolean unused = thisNode.invalidate(session);
                thisNode.release(session);
            }
            return read(otherNode, token) == null ? null : "the session could still be read after its end";
        } catch (GatehouseException e) {
            return e.getMessage();
        }
    }

    SessionRepository sessions() {
        return separate.sessions();
    }

    private static @Nullable Object read(SessionRepository sessionRepository, VerifiedToken token) {
        Session session = sessionRepository.findByToken(token, null);
        if (session == null) {
            return null;
        }
        try {
            return session.attribute("verify", SmokeTests.class.getClassLoader());
        } finally {
            sessionRepository.release(session);
        }
    }

    /** Exhausts a rate limit and resets it. */
    @Nullable
    String limit() {
        LimitEngine limiter = limiter("2/hour");
        String address = randomAddress();
        try {
            List<LimitDecision> decisions =
                    Stream.generate(() -> limiter.checkIp(address)).limit(3).toList();
            int reset = limiter.reset("ip", address);
            boolean correct = decisions.get(0) instanceof LimitDecision.Allowed
                    && decisions.get(1) instanceof LimitDecision.Allowed
                    && decisions.get(2) instanceof LimitDecision.Refused;
            return !correct
                    ? "a limit of 2 requests did not allow two requests and refuse the third"
                    : reset < 1 ? "its counter was not found when it was reset" : null;
        } catch (GatehouseException e) {
            return e.getMessage();
        }
    }

    /** Returns a limiter with one rule, for any address. */
    LimitEngine limiter(String limit) {
        return separate.limiter("verify.match = /*\nverify.level = ip\nverify.limit = " + limit);
    }

    /** Returns an address of the documentation network, which no client has. */
    static String randomAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "2001:db8:%x:%x::1".formatted(random.nextInt(1, 0xffff), random.nextInt(1, 0xffff));
    }

    /** Caches a value, reads it as another node would, and removes it. */
    @Nullable
    String cache() {
        String key = "verify-" + UUID.randomUUID();
        try (DefaultCacheManager thisNode = cacheManager();
                DefaultCacheManager otherNode = cacheManager()) {
            thisNode.region("default").put(key, "value");
            if (!"value".equals(otherNode.region("default").get(key).orElse(null))) {
                return "the cached value could not be read by another node";
            }
            return thisNode.region("default").remove(key) ? null : "the cached value was not found when it was removed";
        } catch (GatehouseException e) {
            return e.getMessage();
        } finally {
            deleteCacheKeys(key);
        }
    }

    DefaultCacheManager cacheManager() {
        return new DefaultCacheManager(
                CacheSettings.from(new Config(List.of())),
                settings.session().keyPrefix(),
                application,
                settings.keys(),
                redis,
                null,
                Runnable::run,
                clock,
                System::nanoTime);
    }

    /** Removes the sequences and region versions by name, because they outlive the entries. */
    void deleteCacheKeys(String key) {
        Pipeline pipeline = new Pipeline();
        String prefix =
                settings.session().keyPrefix() + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + ".c";
        IntStream.range(0, CACHE_BUCKETS)
                .mapToObj(bucket -> Stream.of(":e:default:" + key, ":f:default:" + key, ":v:default", ":q", ":n", ":m")
                        .map(rest -> prefix + bucket + "}" + rest)
                        .toArray(String[]::new))
                .forEach(keys ->
                        pipeline.add(DELETE.on(RedisPurpose.CACHE).keys(keys).reply(ReplyReader::number)));
        redis.send(pipeline); // keys that cannot be removed now expire by themselves
    }

    /** Checks the queue of the real application: returns how many runs are stuck, or null if there are none or one is running. */
    @Nullable
    String jobs() {
        try {
            List<JobRun> runs = new RedisJobs(
                            redis,
                            settings.keys(),
                            settings.session().keyPrefix(),
                            settings.session().application(),
                            application)
                    .history(200);
            long stuck = runs.stream()
                    .filter(run -> run.state() == JobState.QUEUED)
                    .filter(run -> run.due().plus(MAX_QUEUE_TIME).isBefore(clock.instant()))
                    .count();
            boolean running = runs.stream().anyMatch(run -> run.state() == JobState.RUNNING);
            return stuck > 0 && !running
                    ? stuck + " runs have been queued for more than a minute, and none is running"
                    : null;
        } catch (GatehouseException e) {
            return null; // other checks report that Redis is unavailable
        }
    }
}
