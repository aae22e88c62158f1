package io.gatehouse.internal.health;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * What is served over HTTP beside the application, and what an application needs to be ready.
 *
 * @param endpoints whether anything is served
 * @param prefix where, within the application: a path that begins with a slash and does not end in one
 * @param probes where the probes are served a second time, or empty
 * @param readiness what the application needs
 */
public record HealthSettings(boolean endpoints, String prefix, String probes, Readiness readiness) {

    /** What an application needs of Redis to be ready. */
    public enum Readiness {
        /** It is not ready while the Redis of the sessions is away. */
        REQUIRED,
        /** It is ready all the same, and says that it is degraded: other nodes would be no better off. */
        OPTIONAL
    }

    static final Setting<Boolean> ENDPOINTS = Setting.flag(
            "GATEHOUSE_ENDPOINTS_ENABLED",
            false,
            "Serve our own endpoints: health, metrics and, with a token or a role, the admin API. On in the Gatehouse WAR, off in other applications until set.");
    static final Setting<String> PREFIX = Setting.text(
            "GATEHOUSE_ENDPOINTS_PREFIX", "/api/v1/core", "Where they are served, within the application.");
    static final Setting<String> PROBES = Setting.text(
            "GATEHOUSE_PROBES_PATH",
            "",
            "Where `live`, `ready` and `started` are served too, beside `<prefix>/health`. It is `/health` in the Gatehouse WAR.");
    static final Setting<Readiness> READINESS = Setting.choice(
            "GATEHOUSE_READINESS",
            Readiness.REQUIRED,
            "Whether a node is ready only while the Redis of the sessions answers (`required`), or also without it (`optional`), which it then says.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(ENDPOINTS, PREFIX, PROBES, READINESS);

    /** Reads everything and leaves what is wrong with the configuration. */
    public static HealthSettings from(Config config) {
        return new HealthSettings(
                config.read(ENDPOINTS), path(config, PREFIX), path(config, PROBES), config.read(READINESS));
    }

    private static String path(Config config, Setting<String> setting) {
        String path = config.read(setting);
        if (!path.matches("(/[A-Za-z0-9._~-]+)*")) {
            config.problem(setting, "a path such as /api/v1/core, that does not end in a slash");
        }
        return path;
    }
}
