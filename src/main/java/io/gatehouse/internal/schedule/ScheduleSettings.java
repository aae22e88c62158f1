package io.gatehouse.internal.schedule;

import io.gatehouse.internal.config.Setting;
import java.time.Duration;
import java.util.List;

/** The settings of the periodic tasks: their intervals. */
public final class ScheduleSettings {
    public static final Setting<Duration> SESSION_CLEANUP_INTERVAL =
            Setting.duration("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1h", "How often expired sessions are removed.");
    public static final Setting<Duration> RATE_LIMIT_CLEANUP_INTERVAL = Setting.duration(
            "GATEHOUSE_RATE_LIMIT_CLEANUP_INTERVAL",
            "2h",
            "How often nodes and applications that no longer use the rate limits are removed.");
    public static final Setting<Duration> WARM_USERS_INTERVAL =
            Setting.duration("GATEHOUSE_WARM_USERS_INTERVAL", "30m", "How often user data is warmed.");
    public static final Setting<Duration> WARM_OAUTH_INTERVAL = Setting.duration(
            "GATEHOUSE_WARM_OAUTH_INTERVAL", "1h", "How often the metadata of OpenID Connect providers is warmed.");
    public static final Setting<Duration> WARM_ROLES_INTERVAL =
            Setting.duration("GATEHOUSE_WARM_ROLES_INTERVAL", "1h", "How often roles are warmed.");
    public static final Setting<Duration> WARM_ALL_INTERVAL =
            Setting.duration("GATEHOUSE_WARM_ALL_INTERVAL", "6h", "How often all scopes are warmed.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL = List.of(
            SESSION_CLEANUP_INTERVAL,
            RATE_LIMIT_CLEANUP_INTERVAL,
            WARM_USERS_INTERVAL,
            WARM_OAUTH_INTERVAL,
            WARM_ROLES_INTERVAL,
            WARM_ALL_INTERVAL);

    private ScheduleSettings() {}
}
