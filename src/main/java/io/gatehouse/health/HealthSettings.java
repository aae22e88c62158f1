package io.gatehouse.health;

import io.gatehouse.config.Setting;
import java.util.List;

/** Whether health is told over HTTP. */
public final class HealthSettings {
    public static final Setting<Boolean> ENDPOINTS = Setting.flag(
            "GATEHOUSE_ENDPOINTS_ENABLED",
            false,
            "Serve our own endpoints (`/api/v1/core/...`). On in the Gatehouse WAR, off in other applications until set.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(ENDPOINTS);

    private HealthSettings() {}
}
