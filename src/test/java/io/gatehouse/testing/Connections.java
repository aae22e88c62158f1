package io.gatehouse.testing;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens connections from settings. */
public final class Connections {
    private Connections() {}

    /** Opens connections for sessions only. */
    public static RedisConnections to(String sessionUrl) {
        return with(Map.of("REDIS_SESSION_URL", sessionUrl));
    }

    public static RedisConnections with(Map<String, String> settings) {
        return with(settings, EnumSet.of(RedisPurpose.SESSIONS));
    }

    public static RedisConnections with(Map<String, String> settings, EnumSet<RedisPurpose> redisPurposes) {
        Config config = new Config(List.of(ConfigSource.of("test", new HashMap<>(settings))));
        RedisSettings redis = RedisSettings.from(config);
        config.throwIfBroken();
        return RedisConnections.open(redis, redisPurposes, InstantSource.system());
    }
}
