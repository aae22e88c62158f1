package io.gatehouse.testing;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.signing.SigningSettings;
import java.util.List;
import java.util.Map;

/** Creates key rings for tests. */
public final class Keys {
    private Keys() {}

    /** Returns the key ring of a setting. */
    public static KeyRing ring(String keys) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_KEYS", keys))));
        return SigningSettings.from(config).orElseThrow(() -> new AssertionError("not a usable ring"));
    }

    /** Returns a key ring with one random key. */
    public static KeyRing random() {
        return ring("k1:" + App.randomKey());
    }
}
