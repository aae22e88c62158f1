package io.gatehouse.internal.wiring;

import io.gatehouse.internal.config.ConfigSource;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The configuration source for MicroProfile Config. Only this class refers to that API, so that servers without it can load the others. */
final class MicroProfileConfig {
    private MicroProfileConfig() {}

    static ConfigSource source() {
        Config config = ConfigProvider.getConfig();
        return new ConfigSource(
                "MicroProfile Config",
                name -> config.getOptionalValue(name, String.class).orElse(null),
                () -> names(config));
    }

    private static Set<String> names(Config config) {
        Set<String> names = new TreeSet<>();
        config.getPropertyNames().forEach(names::add);
        return names;
    }
}
