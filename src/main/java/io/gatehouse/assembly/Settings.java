package io.gatehouse.assembly;

import io.gatehouse.admin.AdminSettings;
import io.gatehouse.cache.CacheSettings;
import io.gatehouse.config.Config;
import io.gatehouse.config.Setting;
import io.gatehouse.health.HealthSettings;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.ratelimit.AddressSettings;
import io.gatehouse.ratelimit.LoginSettings;
import io.gatehouse.ratelimit.RateLimitSettings;
import io.gatehouse.redis.RedisSettings;
import io.gatehouse.schedule.ScheduleSettings;
import io.gatehouse.session.SessionSettings;
import io.gatehouse.signing.KeyRing;
import io.gatehouse.signing.SigningSettings;
import io.gatehouse.warming.WarmingSettings;
import io.gatehouse.web.WebSettings;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of an application, checked.
 *
 * @param values all of it as text, for people, with secrets masked
 */
public record Settings(
        RedisSettings redis,
        KeyRing keys,
        SessionSettings session,
        RateLimitSettings limits,
        LoginSettings logins,
        WebSettings web,
        AddressSettings addresses,
        CacheSettings cache,
        WarmingSettings warming,
        HealthSettings health,
        AdminSettings admin,
        Duration cleanup,
        Map<String, Duration> warmEvery,
        List<Config.Value> values) {

    public static final Setting<Boolean> ENABLED =
            Setting.flag("GATEHOUSE_ENABLED", true, "Whether Gatehouse guards this application at all.");

    /** Every setting there is. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.<Setting<?>>of(ENABLED),
                    RedisSettings.ALL,
                    SigningSettings.ALL,
                    SessionSettings.ALL,
                    RateLimitSettings.ALL,
                    WebSettings.ALL,
                    AddressSettings.ALL,
                    LoginSettings.ALL,
                    CacheSettings.ALL,
                    HealthSettings.ALL,
                    AdminSettings.ALL,
                    ScheduleSettings.ALL,
                    WarmingSettings.ALL)
            .flatMap(List::stream)
            .toList();

    /**
     * Reads everything.
     *
     * @param contextPath names the application unless the configuration does
     * @param resources opens a resource of the application by its path, or gives null if there is none
     * @throws io.gatehouse.config.InvalidConfiguration with every problem, if there is one
     */
    public static Settings from(Config config, String contextPath, Function<String, @Nullable InputStream> resources) {
        RedisSettings redis = RedisSettings.from(config);
        Optional<KeyRing> keys = SigningSettings.from(config);
        SessionSettings session =
                SessionSettings.from(config, contextPath, DeploymentDescriptor.isDistributable(resources));
        RateLimitSettings limits = RateLimitSettings.from(config, OptionalApi.rulesInJson(), resources);
        LoginSettings logins = LoginSettings.from(config);
        WebSettings web = WebSettings.from(config);
        AddressSettings addresses = AddressSettings.from(config);
        CacheSettings cache = CacheSettings.from(config);
        WarmingSettings warming = WarmingSettings.from(config);
        HealthSettings health = HealthSettings.from(config);
        AdminSettings admin = AdminSettings.from(config);
        Duration cleanup = config.read(ScheduleSettings.SESSION_CLEANUP_INTERVAL);
        Map<String, Duration> warmEvery = Map.of(
                JobDesk.WARM_USERS, config.read(ScheduleSettings.WARM_USERS_INTERVAL),
                JobDesk.WARM_OAUTH, config.read(ScheduleSettings.WARM_OAUTH_INTERVAL),
                JobDesk.WARM_ROLES, config.read(ScheduleSettings.WARM_ROLES_INTERVAL),
                JobDesk.WARM_ALL, config.read(ScheduleSettings.WARM_ALL_INTERVAL));
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
                cleanup,
                warmEvery,
                config.describe(ALL));
    }
}
