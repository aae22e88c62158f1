package io.gatehouse.internal.diagnostics;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.ProbedApplication;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.State;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.wiring.Settings;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies everything that an application depends on: its configuration, the Redis servers that it names, and whether
 * sessions, limits and cache work there. It changes no data of the application: its tests use the application's name with
 * the suffix {@code -verify} and clean up after themselves. Not thread-safe.
 *
 * <p>Its duration is bounded: connecting takes at most {@code REDIS_CONNECTION_TIMEOUT}, and never more than two seconds; a server
 * that then does not reply costs two more seconds. Servers are checked in parallel.
 */
public final class Verification {
    /** The maximum time to connect. */
    static final Duration MAX_CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);
    private static final String SUFFIX = "-verify";

    private final Config config;
    private final String contextPath;
    private final Function<String, @Nullable InputStream> resources;
    private final InstantSource clock;
    private final Findings findings = new Findings();
    private List<ConfigurationProblem> problems = List.of();

    /**
     * Creates the verification of a configuration that has not been read yet.
     *
     * @param contextPath the context path, which names the application unless the configuration does
     * @param resources opens a resource of the application by its path, or returns null if it does not exist
     */
    public Verification(
            Config config, String contextPath, Function<String, @Nullable InputStream> resources, InstantSource clock) {
        this.config = config;
        this.contextPath = contextPath;
        this.resources = resources;
        this.clock = clock;
    }

    /**
     * Runs all checks. Problems become findings, not exceptions.
     *
     * @param progress receives the group of checks that runs next
     */
    public VerifyReport run(Consumer<CheckGroup> progress) {
        progress.accept(CheckGroup.CONFIGURATION);
        Optional<Settings> settings = checkConfiguration();
        progress.accept(CheckGroup.CONNECTIVITY);
        SessionSettings session = SessionSettings.from(config, contextPath);
        RedisSettings redis = settings.map(Settings::redis)
                .orElseGet(() -> RedisSettings.from(config))
                .withConnectTimeoutAtMost(MAX_CONNECT_TIMEOUT);
        Set<RedisPurpose> redisPurposes = purposes();
        ProbedApplication probed =
                new ProbedApplication(session.keyPrefix(), session.application() + SUFFIX, session.replicas() > 0);
        List<ServerDiagnostics> servers = ServerDiagnostics.all(redis, redisPurposes, probed, REPLY_TIMEOUT, clock);
        servers.forEach(server -> new ServerChecks(server, findings).run(session.replicas()));
        servers.forEach(this::checkSharing);

        Set<RedisPurpose> up = EnumSet.noneOf(RedisPurpose.class);
        servers.stream().filter(server -> server.state() == State.UP).forEach(server -> up.addAll(server.purposes()));
        LatencyProbe latencyProbe = new LatencyProbe(findings, redis.deadline());
        if (up.isEmpty()) {
            runSmokeTests(progress, null, up);
        } else {
            try (RedisConnections connections = RedisConnections.open(redis, up, clock)) {
                SmokeTests smokeTests = settings.map(whole -> new SmokeTests(whole, connections, probed.name(), clock))
                        .orElse(null);
                runSmokeTests(progress, smokeTests, up);
                progress.accept(CheckGroup.TIMINGS);
                ExpirySample expirySample = new ExpirySample(connections, probed.keyPrefix(), findings);
                servers.stream().filter(server -> server.state() == State.UP).forEach(server -> {
                    latencyProbe.measure(server, connections, probed.keyPrefix() + ":verify");
                    expirySample.check(server);
                });
                if (smokeTests != null) {
                    measure(new CapabilityTimings(smokeTests, latencyProbe), up);
                }
            }
        }
        return new VerifyReport(findings.all(), latencyProbe.measurements(), findings.checked());
    }

    private Optional<Settings> checkConfiguration() {
        ConfigurationChecks checks = new ConfigurationChecks(config, clock, findings);
        try {
            Settings settings = Settings.from(config, contextPath, resources);
            checks.checkCombinations(settings);
            return Optional.of(settings);
        } catch (InvalidConfigurationException e) {
            problems = e.problems();
            checks.addProblems(problems);
            return Optional.empty();
        } finally {
            checks.checkValues(); // last, because only now it is known which files were not read
        }
    }

    /** Returns the purposes whose servers are known. An invalid URL is not replaced by the default, which was not intended. */
    private Set<RedisPurpose> purposes() {
        Set<RedisPurpose> redisPurposes = EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT);
        if (CacheSettings.from(config).enabled()) {
            redisPurposes.addAll(EnumSet.of(RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING));
        }
        for (RedisPurpose redisPurpose : EnumSet.copyOf(redisPurposes)) {
            if (problems.stream().anyMatch(problem -> RedisSettings.isNeededToReach(redisPurpose, problem.setting()))) {
                redisPurposes.remove(redisPurpose);
                findings.add(
                        CheckId.NOT_CHECKED,
                        redisPurpose.label(),
                        "its Redis, because the settings that locate it are invalid");
            }
        }
        return redisPurposes;
    }

    static String settingOf(RedisPurpose redisPurpose) {
        return switch (redisPurpose) {
            case SESSIONS -> "REDIS_SESSION_URL";
            case RATE_LIMIT -> "REDIS_RATE_LIMIT_URL";
            case CACHE -> "REDIS_URL";
            case CACHE_WARMING -> "REDIS_CACHE_WARMING_URL";
        };
    }

    /** Warns if the cache shares a server with sessions or rate limits. */
    private void checkSharing(ServerDiagnostics server) {
        boolean shared = server.purposes().contains(RedisPurpose.CACHE)
                && (server.purposes().contains(RedisPurpose.SESSIONS)
                        || server.purposes().contains(RedisPurpose.RATE_LIMIT));
        boolean cluster = server.mode()
                .equals("cluster"); // one cluster serves all purposes by design, and REDIS_SESSION_URL has no effect
        boolean sameDatabase = server.databases().get(RedisPurpose.CACHE) != null
                && server.databases()
                        .get(RedisPurpose.CACHE)
                        .equals(server.databases().get(RedisPurpose.SESSIONS));
        findings.addIf(
                shared && !cluster,
                CheckId.ONE_SERVER,
                String.join(
                        ", ",
                        server.purposes().stream().map(RedisPurpose::label).toList()),
                sameDatabase ? "they share one server and one database" : "they share one server");
    }

    private void measure(CapabilityTimings timings, Set<RedisPurpose> up) {
        if (up.contains(RedisPurpose.SESSIONS)) {
            timings.sessions();
        }
        if (up.contains(RedisPurpose.RATE_LIMIT)) {
            timings.limits();
        }
        if (up.contains(RedisPurpose.CACHE)) {
            timings.cache();
        }
    }

    private void runSmokeTests(Consumer<CheckGroup> progress, @Nullable SmokeTests smokeTests, Set<RedisPurpose> up) {
        progress.accept(CheckGroup.SESSIONS);
        runTest(CheckId.SESSION_FAILED, RedisPurpose.SESSIONS, up, smokeTests == null ? null : smokeTests::session);
        progress.accept(CheckGroup.LIMITS);
        runTest(CheckId.LIMIT_FAILED, RedisPurpose.RATE_LIMIT, up, smokeTests == null ? null : smokeTests::limit);
        if (CacheSettings.from(config).enabled()) {
            progress.accept(CheckGroup.CACHE);
            runTest(CheckId.CACHE_FAILED, RedisPurpose.CACHE, up, smokeTests == null ? null : smokeTests::cache);
            runTest(CheckId.JOBS_WAIT, RedisPurpose.CACHE_WARMING, up, smokeTests == null ? null : smokeTests::jobs);
        }
    }

    private void runTest(
            CheckId checkId,
            RedisPurpose redisPurpose,
            Set<RedisPurpose> up,
            @Nullable Supplier<@Nullable String> test) {
        if (test == null || !up.contains(redisPurpose)) {
            findings.add(
                    CheckId.NOT_CHECKED,
                    redisPurpose.label(),
                    checkId.id() + ", because "
                            + (up.contains(redisPurpose)
                                    ? "the configuration is invalid"
                                    : "its Redis is unavailable"));
            return;
        }
        String failure = test.get();
        findings.addIf(failure != null, checkId, redisPurpose.label(), failure == null ? "" : failure);
    }
}
