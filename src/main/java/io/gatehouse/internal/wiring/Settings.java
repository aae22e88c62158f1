package io.gatehouse.internal.wiring;

import io.gatehouse.internal.admin.AdminSettings;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.health.HealthSettings;
import io.gatehouse.internal.login.LoginSettings;
import io.gatehouse.internal.oidc.OidcSettings;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.schedule.ScheduleSettings;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.signing.SigningSettings;
import io.gatehouse.internal.springsession.SpringSessionSettings;
import io.gatehouse.internal.telemetry.TelemetrySettings;
import io.gatehouse.internal.warmup.WarmupSettings;
import io.gatehouse.internal.web.WebSettings;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The complete, validated configuration of an application. Immutable.
 *
 * @param jobIntervals how often each periodic job is submitted, by its name
 * @param values every setting as text for people, with secrets masked
 */
public record Settings(
        RedisSettings redis,
        KeyRing keys,
        SessionSettings session,
        RateLimitSettings limits,
        LoginSettings logins,
        WebSettings web,
        ClientAddressSettings addresses,
        CacheSettings cache,
        WarmupSettings warming,
        HealthSettings health,
        AdminSettings admin,
        Optional<OidcSettings> oidc,
        Optional<SpringSessionSettings> springSession,
        TelemetrySettings telemetry,
        Map<String, Duration> jobIntervals,
        List<Config.Value> values) {

    /** Whether Gatehouse is enabled. */
    public static final Setting<Boolean> ENABLED =
            Setting.flag("GATEHOUSE_ENABLED", true, "Whether Gatehouse is enabled in this application.");

    /** All settings, in the order of the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.<Setting<?>>of(ENABLED),
                    RedisSettings.ALL,
                    SigningSettings.ALL,
                    SessionSettings.ALL,
                    RateLimitSettings.ALL,
                    WebSettings.ALL,
                    ClientAddressSettings.ALL,
                    LoginSettings.ALL,
                    CacheSettings.ALL,
                    HealthSettings.ALL,
                    AdminSettings.ALL,
                    OidcSettings.ALL,
                    SpringSessionSettings.ALL,
                    TelemetrySettings.ALL,
                    ScheduleSettings.ALL,
                    WarmupSettings.ALL)
            .flatMap(List::stream)
            .toList();

    /**
     * Reads all settings.
     *
     * @param contextPath names the application, unless the configuration names it
     * @param resources opens a resource of the application by its path, or returns null if it does not exist
     * @throws io.gatehouse.InvalidConfigurationException if the configuration has problems; it lists all of them
     */
    public static Settings from(Config config, String contextPath, Function<String, @Nullable InputStream> resources) {
        RedisSettings redis = RedisSettings.from(config);
        Optional<KeyRing> keys = SigningSettings.from(config);
        SessionSettings session =
                SessionSettings.from(config, contextPath, DeploymentDescriptor.isDistributable(resources));
        RateLimitSettings limits = RateLimitSettings.from(config, OptionalApi.rulesInJson(), resources);
        LoginSettings logins = LoginSettings.from(config);
        WebSettings web = WebSettings.from(config);
        ClientAddressSettings addresses = ClientAddressSettings.from(config);
        CacheSettings cache = CacheSettings.from(config);
        WarmupSettings warming = WarmupSettings.from(config);
        HealthSettings health = HealthSettings.from(config);
        AdminSettings admin = AdminSettings.from(config);
        Optional<OidcSettings> oidc = OidcSettings.from(config);
        Optional<SpringSessionSettings> springSession = SpringSessionSettings.from(config);
        TelemetrySettings telemetry = TelemetrySettings.from(config);
        Map<String, Duration> jobIntervals = Map.of(
                JobOperations.CLEAN_UP_SESSIONS, config.read(ScheduleSettings.SESSION_CLEANUP_INTERVAL),
                JobOperations.CLEAN_UP_RATE_LIMITS, config.read(ScheduleSettings.RATE_LIMIT_CLEANUP_INTERVAL),
                JobOperations.WARM_USERS, config.read(ScheduleSettings.WARM_USERS_INTERVAL),
                JobOperations.WARM_OAUTH, config.read(ScheduleSettings.WARM_OAUTH_INTERVAL),
                JobOperations.WARM_ROLES, config.read(ScheduleSettings.WARM_ROLES_INTERVAL),
                JobOperations.WARM_ALL, config.read(ScheduleSettings.WARM_ALL_INTERVAL));
        config.throwIfBroken();
        return new Settings(
                redis,
                keys.orElseThrow(),
                session,
                limits,
                logins,
                web,
                addresses,
                cache,
                warming,
                health,
                admin,
                oidc,
                springSession,
                telemetry,
                jobIntervals,
                config.describe(ALL));
    }

    /** Returns whether a setting needs JSON-B, which is not loaded otherwise, because that costs time at the start. */
    boolean needJson() {
        boolean cached = cache.storesJson() || !warming.issuers().isEmpty();
        return !session.jsonTypes().isEmpty() || (cache.enabled() && cached);
    }
}
