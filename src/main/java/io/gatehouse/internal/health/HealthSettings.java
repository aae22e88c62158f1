package io.gatehouse.internal.health;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.List;

/**
 * The configuration of the endpoints and of readiness. Immutable.
 *
 * @param endpoints whether the endpoints are enabled
 * @param prefix the path of the endpoints in the application; it starts with a slash and does not end with one
 * @param probes an additional path for the probes, or empty
 * @param readiness whether readiness depends on Redis
 * @param warmUp whether a new node exercises itself before it is ready
 */
public record HealthSettings(boolean endpoints, String prefix, String probes, Readiness readiness, boolean warmUp) {

    /** Whether a node without Redis is ready. */
    public enum Readiness {
        /** The node is not ready while Redis for sessions is unavailable. */
        REQUIRED,
        /** The node is ready and reports that it is degraded, because other nodes would not work better. */
        OPTIONAL
    }

    static final Setting<Boolean> ENDPOINTS = Setting.flag(
            "GATEHOUSE_ENDPOINTS_ENABLED",
            false,
            "Whether Gatehouse serves its endpoints: health, metrics and, with a token or a role, the admin API. The Gatehouse WAR sets it to True.");
    static final Setting<String> PREFIX = Setting.text(
            "GATEHOUSE_ENDPOINTS_PREFIX", "/api/v1/core", "Path of the endpoints, without the context path.");
    static final Setting<String> PROBES = Setting.text(
            "GATEHOUSE_PROBES_PATH",
            "",
            "Additional path of the probes `live`, `ready` and `started`, which are also below `<prefix>/health`. The Gatehouse WAR sets it to `/health`.");
    static final Setting<Readiness> READINESS = Setting.choice(
            "GATEHOUSE_READINESS",
            Readiness.REQUIRED,
            "Whether a node is ready only while Redis for sessions is available (`required`), or always (`optional`). With `optional` it reports that it is degraded.");

    static final Setting<Boolean> WARM_UP = Setting.flag(
            "GATEHOUSE_WARM_UP",
            false,
            "Whether a new node sends some thousand requests to itself before it reports ready, for three seconds at most, so that the Java virtual machine has compiled the code. They use a session and rate limits of their own, which are removed, and no code of the application.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(ENDPOINTS, PREFIX, PROBES, READINESS, WARM_UP);

    /** Reads the settings. Invalid values are recorded as problems of the configuration. */
    public static HealthSettings from(Config config) {
        return new HealthSettings(
                config.read(ENDPOINTS),
                path(config, PREFIX),
                path(config, PROBES),
                config.read(READINESS),
                config.read(WARM_UP));
    }

    private static String path(Config config, Setting<String> setting) {
        String path = config.read(setting);
        if (!path.matches("(/[A-Za-z0-9._~-]+)*")) {
            config.problem(setting, "a path such as /api/v1/core, without a trailing slash");
        }
        return path;
    }
}
