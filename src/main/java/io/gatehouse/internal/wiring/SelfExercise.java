package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.ratelimit.ClaimedSessionCheck;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionOpening;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.TokenVerification.Verified;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a new node makes to itself before it reports ready ({@code GATEHOUSE_WARM_UP}), so that the Java virtual machine has
 * loaded and compiled the code of a request before the first client comes.
 *
 * <p>Each request verifies a token, checks three rate limits and reads a session in one round trip, and every eighth one saves a change.
 * They belong to another application name, so they share no key, counter, statistic, event or metric with the application: only the
 * connections to Redis. No servlet, listener or bean is called. The session is ended afterwards; the counters expire within a second. If Redis is
 * unavailable, or anything else fails, the node becomes ready without. Not thread-safe.
 */
final class SelfExercise {
    /** The time after which a node is ready, whatever this class does. */
    static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(SelfExercise.class.getName());
    private static final Duration DURATION = Duration.ofSeconds(3);
    private static final int REQUESTS = 12_000;
    private static final int CHANGE = 8;
    private static final int ATTRIBUTES = 10;
    private static final int IDLE_SECONDS = 60;

    /** The documentation network (RFC 5737), in which no client is. */
    private static final String ADDRESS = "192.0.2.";

    private static final String RULES = """
            warm-up-client.match = /**
            warm-up-client.level = ip
            warm-up-client.limit = 1000000/second
            warm-up-path.match = /**
            warm-up-path.level = endpoint
            warm-up-path.limit = 1000000/second
            warm-up-all.match = /**
            warm-up-all.level = global
            warm-up-all.limit = 1000000/second
            """;

    private final Settings settings;
    private final Redis redis;
    private final LongSupplier nanoTime;

    SelfExercise(Settings settings, Redis redis, LongSupplier nanoTime) {
        this.settings = settings;
        this.redis = redis;
        this.nanoTime = nanoTime;
    }

    /** Makes the requests. Returns early if the time is up, and does not throw. */
    void run(BooleanSupplier isTimeUp) {
        long start = nanoTime.getAsLong();
        SeparateApplication application = new SeparateApplication(
                settings, redis, settings.session().application() + ".warm-up", InstantSource.system());
        try (SessionRepository sessions = application.sessions()) {
            LimitEngine limiter = application.limiter(RULES);
            int requests = exercise(
                    sessions,
                    limiter,
                    () -> isTimeUp.getAsBoolean() || nanoTime.getAsLong() - start > DURATION.toNanos());
            LOG.log(
                    System.Logger.Level.INFO,
                    "Warmed up with {0} requests in {1} ms",
                    requests,
                    (nanoTime.getAsLong() - start) / 1_000_000);
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.INFO, "The warm-up was skipped: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The warm-up failed; the node is ready without", e);
        }
    }

    private int exercise(SessionRepository sessions, LimitEngine limiter, BooleanSupplier isDone) {
        ClientAddressResolver addresses = new ClientAddressResolver(settings.addresses());
        Session created = sessions.create(IDLE_SECONDS, Map.of());
        try {
            for (int i = 0; i < ATTRIBUTES; i++) {
                created.setAttribute("attribute" + i, "value " + i);
            }
            if (!sessions.save(created)) {
                return 0;
            }
            String token = sessions.token(created);
            int requests = 0;
            while (requests < REQUESTS && !isDone.getAsBoolean()) {
                RateLimitRequest request = new RateLimitRequest(
                        "GET",
                        "/warm-up",
                        addresses.of(ADDRESS + requests % 250, name -> List.of()),
                        null,
                        name -> null);
                if (!request(sessions, limiter, token, request, requests % CHANGE == 0 ? "value " + requests : null)) {
                    break;
                }
                requests++;
            }
            return requests;
        } finally {
            boolean unused = sessions.invalidate(created);
            sessions.release(created);
        }
    }

    /** Makes one request; returns whether it was admitted. */
    private boolean request(
            SessionRepository sessions,
            LimitEngine limiter,
            String token,
            RateLimitRequest request,
            @Nullable String change) {
        if (!(sessions.verify(List.of(token)) instanceof Verified verified)) {
            return false;
        }
        Pipeline pipeline = new Pipeline();
        ClaimedSessionCheck check = new ClaimedSessionCheck(limiter, request, verified.id(), pipeline);
        try (SessionOpening opening = sessions.open(verified.ticket(), pipeline)) {
            redis.send(pipeline);
            Session session = opening.session();
            boolean allowed = check.decision(() -> null) instanceof LimitDecision.Allowed;
            if (session == null) {
                return false;
            }
            try {
                Object unused = session.attribute("attribute0", SelfExercise.class.getClassLoader());
                if (change != null) {
                    session.setAttribute("attribute1", change);
                }
                return sessions.save(session) && allowed;
            } finally {
                check.complete(200);
                sessions.release(session);
            }
        }
    }
}
