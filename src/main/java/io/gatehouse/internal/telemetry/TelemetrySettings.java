package io.gatehouse.internal.telemetry;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * The configuration of what Gatehouse reports about requests.
 *
 * @param enabled whether spans and metrics go to OpenTelemetry, if the application has it
 * @param serverTiming whether responses have the header {@code Server-Timing}
 */
public record TelemetrySettings(boolean enabled, boolean serverTiming) {
    /** Whether Gatehouse uses OpenTelemetry. */
    enum Mode {
        AUTO,
        OFF
    }

    static final Setting<Mode> TELEMETRY = Setting.choice(
            "GATEHOUSE_TELEMETRY",
            Mode.AUTO,
            "`auto`: spans and metrics go to OpenTelemetry if the server or the application has set it up. `off`: never.");

    static final Setting<Boolean> SERVER_TIMING = Setting.flag(
            "GATEHOUSE_SERVER_TIMING",
            false,
            "Whether responses have the header `Server-Timing` with the time that Gatehouse took. For test systems and trusted clients only: durations help attackers to guess what happened.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(TELEMETRY, SERVER_TIMING);

    /** Reads the settings. Invalid values are recorded as problems of the configuration. */
    public static TelemetrySettings from(Config config) {
        return new TelemetrySettings(config.read(TELEMETRY) == Mode.AUTO, config.read(SERVER_TIMING));
    }
}
