package io.gatehouse.internal.telemetry;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * The configuration of what Gatehouse reports about requests.
 *
 * @param enabled whether spans and metrics go to OpenTelemetry, if the application has it
 */
public record TelemetrySettings(boolean enabled) {
    /** Whether Gatehouse uses OpenTelemetry. */
    enum Mode {
        AUTO,
        OFF
    }

    static final Setting<Mode> TELEMETRY = Setting.choice(
            "GATEHOUSE_TELEMETRY",
            Mode.AUTO,
            "`auto`: spans and metrics go to OpenTelemetry if the server or the application has set it up. `off`: never.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(TELEMETRY);

    /** Reads the settings. Invalid values are recorded as problems of the configuration. */
    public static TelemetrySettings from(Config config) {
        return new TelemetrySettings(config.read(TELEMETRY) == Mode.AUTO);
    }
}
