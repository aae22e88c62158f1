package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.VerifiedToken;
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
 * Does once what applications do all the time, under the name of an application of its own, and removes what it made. Each
 * trial says what went wrong, or null.
 */
final class SmokeTests {
    private static final Script FORGET = Script.load(SmokeTests.class, "forget.lua", true);
    private static final int CACHE_BUCKETS = 16;
    private static final Duration LONG_WAIT = Duration.ofMinutes(1);
    private static final int IDLE_SECONDS = 60;

    private final Settings settings;
    private final Redis redis;
    private final String application;
    private final InstantSource clock;

    /** @param application a name that no application has */
    SmokeTests(Settings settings, Redis redis, String application, InstantSource clock) {
        this.settings = settings;
        this.redis = redis;
        this.application = application;
        this.clock = clock;
    }

    /** Makes a session, reads it as another node would, ends it. */
    @Nullable
    String session() {
        try {
            SessionRepository here = sessions();
            SessionRepository elsewhere = sessions();
            Session session = here.create(IDLE_SECONDS, Map.of());
            VerifiedToken ticket;
            try {
                session.setAttribute("verify", "value");
                if (!here.save(session)) {
                    return "it was gone before it was stored";
                }
                ticket = here.ticket(session);
                if (!"value".equals(read(elsewhere, ticket))) {
                    return "what was stored could not be read back";
                }
            } finally {
                boolean unused = here.invalidate(session);
                here.release(session);
            }
            return read(elsewhere, ticket) == null ? null : "it could be read after its end";
        } catch (GatehouseException e) {
            return e.getMessage();
        }
    }

    private SessionRepository sessions() {
        return new SessionRepository(
                settings.session().forTrial(application),
                settings.keys(),
                redis,
                null,
                clock,
                SessionObserver.NONE,
                SaveObserver.NONE);
    }

    private static @Nullable Object read(SessionRepository sessionRepository, VerifiedToken ticket) {
        Session session = sessionRepository.findByToken(ticket);
        if (session == null) {
            return null;
        }
        try {
            return session.attribute("verify", SmokeTests.class.getClassLoader());
        } finally {
            sessionRepository.release(session);
        }
    }

    /** Uses up a limit, and resets it. */
    @Nullable
    String limit() {
        RuleSet rules = RateLimitSettings.from(
                        new Config(List.of(ConfigSource.of(
                                "verify",
                                Map.of(
                                        "GATEHOUSE_RATE_LIMITS",
                                        "verify.match = /*\nverify.level = ip\nverify.limit = 2/hour")))),
                        (text, into) -> {},
                        path -> null)
                .rules()
                .get();
        LimitEngine limiter = new LimitEngine(
                redis,
                settings.redis().isCluster(),
                settings.keys(),
                settings.session().keyPrefix(),
                application,
                new ClientAddressResolver(settings.addresses()),
                () -> rules,
                user -> List.of(user),
                clock,
                System::nanoTime);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String address = "2001:db8:%x:%x::1".formatted(random.nextInt(1, 0xffff), random.nextInt(1, 0xffff));
        try {
            List<LimitDecision> decisions =
                    Stream.generate(() -> limiter.checkIp(address)).limit(3).toList();
            int forgotten = limiter.reset("ip", address);
            boolean right = decisions.get(0) instanceof LimitDecision.Allowed
                    && decisions.get(1) instanceof LimitDecision.Allowed
                    && decisions.get(2) instanceof LimitDecision.Refused;
            return !right
                    ? "a limit of 2 did not let 2 requests through and refuse the third"
                    : forgotten < 1 ? "its counter was not there to be reset" : null;
        } catch (GatehouseException e) {
            return e.getMessage();
        }
    }

    /** Puts a value in, reads it as another node would, takes it out. */
    @Nullable
    String cache() {
        String key = "verify-" + UUID.randomUUID();
        try (DefaultCacheManager here = cacheManager();
                DefaultCacheManager elsewhere = cacheManager()) {
            here.region("default").put(key, "value");
            if (!"value".equals(elsewhere.region("default").get(key).orElse(null))) {
                return "what was put in could not be read back";
            }
            return here.region("default").remove(key) ? null : "what was put in was not there to be removed";
        } catch (GatehouseException e) {
            return e.getMessage();
        } finally {
            forget(key);
        }
    }

    private DefaultCacheManager cacheManager() {
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

    /** The sequences and fences outlive entries, so they are removed by their names. */
    private void forget(String key) {
        Pipeline pipeline = new Pipeline();
        String prefix =
                settings.session().keyPrefix() + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + ".c";
        IntStream.range(0, CACHE_BUCKETS)
                .mapToObj(bucket -> Stream.of(":e:default:" + key, ":f:default:" + key, ":v:default", ":q", ":n", ":m")
                        .map(rest -> prefix + bucket + "}" + rest)
                        .toArray(String[]::new))
                .forEach(keys ->
                        pipeline.add(FORGET.on(RedisPurpose.CACHE).keys(keys).reply(ReplyReader::number)));
        redis.send(pipeline); // what cannot be removed now has a TTL
    }

    /** How many runs of the real application wait, and since when; null if they do not, or are being taken. */
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
            long waiting = runs.stream()
                    .filter(run -> run.state() == JobState.QUEUED)
                    .filter(run -> run.submitted().plus(LONG_WAIT).isBefore(clock.instant()))
                    .count();
            boolean taken = runs.stream().anyMatch(run -> run.state() == JobState.RUNNING);
            return waiting > 0 && !taken ? waiting + " have waited for over a minute, and none runs" : null;
        } catch (GatehouseException e) {
            return null; // told by what can be tried
        }
    }
}
