package io.gatehouse.schedule;

import io.gatehouse.config.Setting;
import java.time.Duration;
import java.util.List;

/** How often things are done. */
public final class ScheduleSettings {
    public static final Setting<Duration> SESSION_CLEANUP_INTERVAL = Setting.duration(
            "GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1h", "How often sessions whose time is over are removed.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(SESSION_CLEANUP_INTERVAL);

    private ScheduleSettings() {}
}
