package io.gatehouse.verify;

import io.gatehouse.assembly.Settings;
import io.gatehouse.cache.CacheSettings;
import io.gatehouse.config.Config;
import io.gatehouse.config.ConfigurationProblem;
import io.gatehouse.config.InvalidConfiguration;
import io.gatehouse.redis.Examination;
import io.gatehouse.redis.Examination.Examinee;
import io.gatehouse.redis.Examination.State;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.redis.RedisSettings;
import io.gatehouse.session.SessionSettings;
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
    public VerifyReport run(Consumer<Group> progress) {
        progress.accept(Group.CONFIGURATION);
        Optional<Settings> settings = configuration();
        progress.accept(Group.CONNECTIVITY);
        SessionSettings session = SessionSettings.from(config, contextPath);
        RedisSettings redis = settings.map(Settings::redis)
                .orElseGet(() -> RedisSettings.from(config))
                .inAHurry(CONNECT_AT_MOST);
        Set<Purpose> purposes = purposes();
        Examinee us = new Examinee(session.keyPrefix(), session.application() + SUFFIX, session.replicas() > 0);
        List<Examination> servers = Examination.all(redis, purposes, us, PATIENCE, clock);
        servers.forEach(server -> new ServerChecks(server, findings).run(session.replicas()));
        servers.forEach(this::neighbours);

        Set<Purpose> up = EnumSet.noneOf(Purpose.class);
        servers.stream().filter(server -> server.state() == State.UP).forEach(server -> up.addAll(server.purposes()));
        Stopwatch stopwatch = new Stopwatch(findings, redis.deadline());
        if (up.isEmpty()) {
            trials(progress, null, up);
        } else {
            try (RedisConnections connections = RedisConnections.open(redis, up, clock)) {
                trials(
                        progress,
                        settings.map(whole -> new Trials(whole, connections, us.application(), clock))
                                .orElse(null),
                        up);
                progress.accept(Group.TIMINGS);
                servers.stream()
                        .filter(server -> server.state() == State.UP)
                        .forEach(server -> stopwatch.measure(server, connections, us.keyPrefix() + ":verify"));
            }
        }
        return new VerifyReport(findings.all(), stopwatch.measurements(), findings.looked());
    }

    private Optional<Settings> configuration() {
        ConfigurationChecks checks = new ConfigurationChecks(config, clock, findings);
        try {
            Settings settings = Settings.from(config, contextPath, resources);
            checks.whole(settings);
            return Optional.of(settings);
        } catch (InvalidConfiguration e) {
            problems = e.problems();
            checks.refused(problems);
            return Optional.empty();
        } finally {
            checks.values(); // now it is known which files were not read
        }
    }

    /** Those whose servers are known: the default in place of an invalid URL is not what was meant. */
    private Set<Purpose> purposes() {
        Set<Purpose> purposes = EnumSet.of(Purpose.SESSIONS, Purpose.RATE_LIMIT);
        if (CacheSettings.from(config).enabled()) {
            purposes.addAll(EnumSet.of(Purpose.CACHE, Purpose.CACHE_WARMING));
        }
        for (Purpose purpose : EnumSet.copyOf(purposes)) {
            if (problems.stream().anyMatch(problem -> RedisSettings.isNeededToReach(purpose, problem.setting()))) {
                purposes.remove(purpose);
                findings.add(Check.NOT_CHECKED, purpose.label(), "its Redis: the settings do not say where it is");
            }
        }
        return purposes;
    }

    static String settingOf(Purpose purpose) {
        return switch (purpose) {
            case SESSIONS -> "REDIS_SESSION_URL";
            case RATE_LIMIT -> "REDIS_RATE_LIMIT_URL";
            case CACHE -> "REDIS_URL";
            case CACHE_WARMING -> "REDIS_CACHE_WARMING_URL";
        };
    }

    private void neighbours(Examination server) {
        boolean shared = server.purposes().contains(Purpose.CACHE)
                && (server.purposes().contains(Purpose.SESSIONS)
                        || server.purposes().contains(Purpose.RATE_LIMIT));
        boolean cluster =
                server.mode().equals("cluster"); // has one policy for all, and REDIS_SESSION_URL says nothing there
        boolean sameDatabase = server.databases().get(Purpose.CACHE) != null
                && server.databases()
                        .get(Purpose.CACHE)
                        .equals(server.databases().get(Purpose.SESSIONS));
        findings.addIf(
                shared && !cluster,
                Check.ONE_SERVER,
                String.join(", ", server.purposes().stream().map(Purpose::label).toList()),
                sameDatabase ? "they are on one server, and in one database" : "they are on one server");
    }

    private void trials(Consumer<Group> progress, @Nullable Trials trials, Set<Purpose> up) {
        progress.accept(Group.SESSIONS);
        attempt(Check.SESSION_FAILED, Purpose.SESSIONS, up, trials == null ? null : trials::session);
        progress.accept(Group.LIMITS);
        attempt(Check.LIMIT_FAILED, Purpose.RATE_LIMIT, up, trials == null ? null : trials::limit);
        if (CacheSettings.from(config).enabled()) {
            progress.accept(Group.CACHE);
            attempt(Check.CACHE_FAILED, Purpose.CACHE, up, trials == null ? null : trials::cache);
            attempt(Check.JOBS_WAIT, Purpose.CACHE_WARMING, up, trials == null ? null : trials::jobs);
        }
    }

    private void attempt(Check check, Purpose purpose, Set<Purpose> up, @Nullable Supplier<@Nullable String> trial) {
        if (trial == null || !up.contains(purpose)) {
            findings.add(
                    Check.NOT_CHECKED,
                    purpose.label(),
                    check.id() + ", because "
                            + (up.contains(purpose) ? "the configuration is invalid" : "its Redis cannot be used"));
            return;
        }
        String wrong = trial.get();
        findings.addIf(wrong != null, check, purpose.label(), wrong == null ? "" : wrong);
    }
}
