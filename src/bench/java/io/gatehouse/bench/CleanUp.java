package io.gatehouse.bench;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.RedisSessionManager;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionOpening;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.session.TokenVerification;
import io.gatehouse.internal.signing.SigningSettings;
import io.gatehouse.session.SessionInfo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/**
 * The benchmark of the removal of expired sessions, and of the other session scripts, with a large number of sessions. The same number of
 * sessions expires among few and among many live sessions; the number of script calls must be equal.
 */
final class CleanUp {
    static final int FEW = 100_000;
    static final int MANY = 1_000_000;
    static final int EXPIRED = 10_000;

    private static final int ORIGINALS = 1_000;
    private static final int SESSIONS_OF_ONE_USER = 1_000;
    private static final String ONE_USER = "busy";
    private static final long MOST_MICROS = 5_000;
    private static final int BUCKETS = 64;
    private static final int BATCH = 200;
    /** The calls that are necessary: each expired session is claimed, removed, and taken from its user's list; each bucket is read. */
    private static final long MOST_CALLS = 3L * EXPIRED + BUCKETS + EXPIRED / BATCH;

    private final RedisClient redis;
    private final RedisConnections connections;
    private final SessionRepository sessionRepository;
    private final RedisSessionManager manager;
    private final List<String> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean kept = true;

    private CleanUp(RedisClient redis, int port) {
        this.redis = redis;
        Config config = new Config(List.of(ConfigSource.of(
                "bench",
                Map.of(
                        "GATEHOUSE_KEYS", "b1:" + Limiters.randomKey(),
                        "GATEHOUSE_REDIS_DEADLINE", "10s",
                        "REDIS_SESSION_URL", "redis://127.0.0.1:" + port + "/0"))));
        SessionSettings settings = SessionSettings.from(config, "/bench");
        RedisSettings redisSettings = RedisSettings.from(config);
        this.connections =
                RedisConnections.open(redisSettings, EnumSet.of(RedisPurpose.SESSIONS), InstantSource.system());
        this.sessionRepository = new SessionRepository(
                settings,
                SigningSettings.from(config).orElseThrow(),
                connections,
                null,
                InstantSource.system(),
                SessionObserver.NONE,
                SaveObserver.NONE);
        this.manager = sessionRepository.manager();
        config.throwIfBroken();
    }

    static Section measure(RedisClient redis, int port) throws InterruptedException {
        CleanUp cleanUp = new CleanUp(redis, port);
        try {
            return cleanUp.run();
        } finally {
            cleanUp.connections.close();
            redis.executeCommand(
                    new CommandArguments(Protocol.Command.FLUSHALL).add("ASYNC")); // would block for seconds otherwise
        }
    }

    private Section run() throws InterruptedException {
        redis.configSet("slowlog-log-slower-than", "100");
        redis.configSet("slowlog-max-len", "" + SlowlogReport.MOST_ENTRIES);
        IntStream.range(0, ORIGINALS).parallel().forEach(i -> create("user-" + i, 1800));
        SessionCloner sessionCloner = new SessionCloner(redis);
        expire(BATCH);
        expect("removed to warm up", BATCH, manager.cleanupExpiredSessions()); // loads the scripts
        IntStream.range(0, SESSIONS_OF_ONE_USER).forEach(i -> tokens.add(create(ONE_USER, 1800)));
        text.append("""

                | live | expired | removed in | for each | script calls | longest Lua call |
                |---:|---:|---:|---:|---:|---:|
                """);
        cleanUp(sessionCloner, FEW);
        cleanUp(sessionCloner, MANY);
        text.append(Section.line(
                "%nBudget: at most %,d script calls, for any number of live sessions: %s.%n",
                MOST_CALLS, Section.kept(kept)));
        userSessions();
        return new Section(text.toString(), kept);
    }

    /** Stores a session like those of the other benchmarks; returns its token. */
    private String create(String user, long idleSeconds) {
        Session session = sessionRepository.create(idleSeconds, Map.of());
        for (int i = 0; i < Shape.SMALL.attributes(); i++) {
            session.setAttribute(Sample.name(i), Sample.value(0));
        }
        session.setAttribute(Session.USER_ATTRIBUTE, user);
        sessionRepository.save(session);
        sessionRepository.release(session);
        return sessionRepository.token(session);
    }

    private void cleanUp(SessionCloner sessionCloner, int live) throws InterruptedException {
        sessionCloner.growTo(live - SESSIONS_OF_ONE_USER);
        expire(EXPIRED);
        expect("sessions", live + EXPIRED, manager.countSessions());
        redis.slowlogReset();
        long before = calls();
        long start = System.nanoTime();
        int removed = manager.cleanupExpiredSessions();
        double millis = (System.nanoTime() - start) / 1e6;
        long calls = calls() - before;
        expect("removed", EXPIRED, removed);
        expect("left", live, manager.countSessions());
        kept &= calls <= MOST_CALLS;
        text.append(Section.line(
                "| %,d | %,d | %,.0f ms | %.2f ms | %,d | %s |%n",
                live,
                EXPIRED,
                millis,
                millis / EXPIRED,
                calls,
                SlowlogReport.of(redis).longest()));
    }

    /** Creates sessions that have expired when this method returns. */
    private void expire(int many) throws InterruptedException {
        IntStream.range(0, many).parallel().forEach(i -> create("guest-" + i, 1));
        Thread.sleep(1_500);
    }

    private static void expect(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(what + ": " + found + " instead of " + expected);
        }
    }

    /** Measures the scripts on the sessions of one user among all others. */
    private void userSessions() {
        redis.slowlogReset();
        for (int i = 0; i < 20; i++) {
            expect(
                    "listed",
                    SESSIONS_OF_ONE_USER,
                    manager.getUserSessions(ONE_USER).size());
        }
        for (SessionInfo info : manager.getUserSessions(ONE_USER)) {
            if (manager.getSession(info.handle()) == null || !manager.touch(info.handle())) {
                throw new IllegalStateException("a session is missing");
            }
        }
        tokens.forEach(this::change);
        expect(
                "ended",
                SESSIONS_OF_ONE_USER,
                manager.terminateUserSessions(ONE_USER, null).ended());
        SlowlogReport slowlogReport = SlowlogReport.of(redis);
        text.append(Section.line(
                "%nOf %,d sessions, one user has %,d: they are listed, read, touched, loaded, changed and terminated.%n%n",
                MANY, SESSIONS_OF_ONE_USER));
        text.append(slowlogReport.table());
        text.append(Section.line(
                "%nBudget: no Lua call above %d ms: %s.%n",
                MOST_MICROS / 1000, Section.kept(slowlogReport.micros() <= MOST_MICROS)));
    }

    private void change(String token) {
        if (!(sessionRepository.verify(List.of(token)) instanceof TokenVerification.Verified verified)) {
            throw new IllegalStateException("a token was not accepted");
        }
        Pipeline pipeline = new Pipeline();
        try (SessionOpening opening = sessionRepository.open(verified.ticket(), pipeline)) {
            connections.send(pipeline);
            Session session = opening.session();
            if (session == null) {
                throw new IllegalStateException("a session is missing");
            }
            session.setAttribute(Sample.FIRST, Sample.value(1));
            sessionRepository.save(session);
            sessionRepository.release(session);
        }
    }

    private long calls() {
        String info = redis.info("commandstats");
        return Statistics.number(info, "cmdstat_evalsha:calls=(\\d+)")
                + Statistics.number(info, "cmdstat_eval:calls=(\\d+)");
    }
}
