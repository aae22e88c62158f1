package io.gatehouse.internal.diagnostics;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.Examinee;
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
 * A look at everything that an application will depend on: its configuration, the servers of Redis that it names, and whether
 * sessions, limits and cache work there. Changes nothing; what it tries is done under the application's name with
 * {@code -verify} behind it, and removed. For one thread.
 *
 * <p>Does not hang: connecting takes {@code REDIS_CONNECTION_TIMEOUT} at most, and never more than two seconds, and a server
 * that is silent after that costs two seconds more. Servers are looked at side by side.
 */
public final class Verification {
    /** The longest time to connect. */
    static final Duration CONNECT_AT_MOST = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String SUFFIX = "-verify";

    private final Config config;
    private final String contextPath;
    private final Function<String, @Nullable InputStream> resources;
    private final InstantSource clock;
    private final Findings findings = new Findings();
    private List<ConfigurationProblem> problems = List.of();

    /**
     * Of a configuration that nobody has read yet.
     *
     * @param contextPath names the application unless the configuration does
     * @param resources opens a resource of the application by its path, or gives null if there is none
     */
    public Verification(
            Config config, String contextPath, Function<String, @Nullable InputStream> resources, InstantSource clock) {
        this.config = config;
        this.contextPath = contextPath;
        this.resources = resources;
        this.clock = clock;
    }

    /**
     * Looks at everything, once. Throws nothing for what it finds.
     *
     * @param progress told what is looked at next
     */
    public VerifyReport run(Consumer<CheckGroup> progress) {
        progress.accept(CheckGroup.CONFIGURATION);
        Optional<Settings> settings = configuration();
        progress.accept(CheckGroup.CONNECTIVITY);
        SessionSettings session = SessionSettings.from(config, contextPath);
        RedisSettings redis = settings.map(Settings::redis)
                .orElseGet(() -> RedisSettings.from(config))
                .inAHurry(CONNECT_AT_MOST);
        Set<RedisPurpose> redisPurposes = purposes();
        Examinee us = new Examinee(session.keyPrefix(), session.application() + SUFFIX, session.replicas() > 0);
        List<ServerDiagnostics> servers = ServerDiagnostics.all(redis, redisPurposes, us, PATIENCE, clock);
        servers.forEach(server -> new ServerChecks(server, findings).run(session.replicas()));
        servers.forEach(this::neighbours);

        Set<RedisPurpose> up = EnumSet.noneOf(RedisPurpose.class);
        servers.stream().filter(server -> server.state() == State.UP).forEach(server -> up.addAll(server.purposes()));
        LatencyProbe latencyProbe = new LatencyProbe(findings, redis.deadline());
        if (up.isEmpty()) {
            trials(progress, null, up);
        } else {
            try (RedisConnections connections = RedisConnections.open(redis, up, clock)) {
                trials(
                        progress,
                        settings.map(whole -> new SmokeTests(whole, connections, us.application(), clock))
                                .orElse(null),
                        up);
                progress.accept(CheckGroup.TIMINGS);
                servers.stream()
                        .filter(server -> server.state() == State.UP)
                        .forEach(server -> latencyProbe.measure(server, connections, us.keyPrefix() + ":verify"));
            }
        }
        return new VerifyReport(findings.all(), latencyProbe.measurements(), findings.looked());
    }

    private Optional<Settings> configuration() {
        ConfigurationChecks checks = new ConfigurationChecks(config, clock, findings);
        try {
            Settings settings = Settings.from(config, contextPath, resources);
            checks.whole(settings);
            return Optional.of(settings);
        } catch (InvalidConfigurationException e) {
            problems = e.problems();
            checks.refused(problems);
            return Optional.empty();
        } finally {
            checks.values(); // now it is known which files were not read
        }
    }

    /** Those whose servers are known: the default in place of an invalid URL is not what was meant. */
    private Set<RedisPurpose> purposes() {
        Set<RedisPurpose> redisPurposes = EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT);
        if (CacheSettings.from(config).enabled()) {
            redisPurposes.addAll(EnumSet.of(RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING));
        }
        for (RedisPurpose redisPurpose : EnumSet.copyOf(redisPurposes)) {
            if (problems.stream().anyMatch(problem -> RedisSettings.isNeededToReach(redisPurpose, problem.setting()))) {
                redisPurposes.remove(redisPurpose);
                findings.add(
                        CheckId.NOT_CHECKED, redisPurpose.label(), "its Redis: the settings do not say where it is");
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

    private void neighbours(ServerDiagnostics server) {
        boolean shared = server.purposes().contains(RedisPurpose.CACHE)
                && (server.purposes().contains(RedisPurpose.SESSIONS)
                        || server.purposes().contains(RedisPurpose.RATE_LIMIT));
        boolean cluster =
                server.mode().equals("cluster"); // has one policy for all, and REDIS_SESSION_URL says nothing there
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
                sameDatabase ? "they are on one server, and in one database" : "they are on one server");
    }

    private void trials(Consumer<CheckGroup> progress, @Nullable SmokeTests smokeTests, Set<RedisPurpose> up) {
        progress.accept(CheckGroup.SESSIONS);
        attempt(CheckId.SESSION_FAILED, RedisPurpose.SESSIONS, up, smokeTests == null ? null : smokeTests::session);
        progress.accept(CheckGroup.LIMITS);
        attempt(CheckId.LIMIT_FAILED, RedisPurpose.RATE_LIMIT, up, smokeTests == null ? null : smokeTests::limit);
        if (CacheSettings.from(config).enabled()) {
            progress.accept(CheckGroup.CACHE);
            attempt(CheckId.CACHE_FAILED, RedisPurpose.CACHE, up, smokeTests == null ? null : smokeTests::cache);
            attempt(CheckId.JOBS_WAIT, RedisPurpose.CACHE_WARMING, up, smokeTests == null ? null : smokeTests::jobs);
        }
    }

    private void attempt(
            CheckId checkId,
            RedisPurpose redisPurpose,
            Set<RedisPurpose> up,
            @Nullable Supplier<@Nullable String> trial) {
        if (trial == null || !up.contains(redisPurpose)) {
            findings.add(
                    CheckId.NOT_CHECKED,
                    redisPurpose.label(),
                    checkId.id() + ", because "
                            + (up.contains(redisPurpose)
                                    ? "the configuration is invalid"
                                    : "its Redis cannot be used"));
            return;
        }
        String wrong = trial.get();
        findings.addIf(wrong != null, checkId, redisPurpose.label(), wrong == null ? "" : wrong);
    }
}
