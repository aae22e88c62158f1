package io.gatehouse.testing;

import io.gatehouse.config.Config;
import io.gatehouse.config.ConfigSource;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.redis.RedisSettings;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Connections as the configuration would give them. */
public final class Connections {
    private Connections() {}

    /** For sessions only. */
    public static RedisConnections to(String sessionUrl) {
        return with(Map.of("REDIS_SESSION_URL", sessionUrl));
    }

    public static RedisConnections with(Map<String, String> settings) {
        return with(settings, EnumSet.of(Purpose.SESSIONS));
    }

    public static RedisConnections with(Map<String, String> settings, EnumSet<Purpose> purposes) {
        Config config = new Config(List.of(ConfigSource.of("test", new HashMap<>(settings))));
        RedisSettings redis = RedisSettings.from(config);
        config.throwIfBroken();
        return RedisConnections.open(redis, purposes, InstantSource.system());
    }
}
