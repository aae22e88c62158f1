package io.gatehouse.internal.diagnostics;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.wiring.Settings;
import java.util.Locale;
import java.util.Optional;

/** Single values of a configuration by the names that operators know, whatever package they belong to. */
record SettingsLookup(Config config) {

    /** The value as text in lower case, or its default if it cannot be read; nothing if there is no such setting. */
    Optional<String> text(String name) {
        return value(name).map(value -> value.toString().toLowerCase(Locale.ROOT));
    }

    /** The value, or its default if it cannot be read; nothing if there is no such setting. */
    Optional<Object> value(String name) {
        return setting(name).map(setting -> (Object) config.read(setting));
    }

    boolean isSet(String name) {
        return setting(name).map(config::isSet).orElse(false);
    }

    private static Optional<Setting<?>> setting(String name) {
        return Settings.ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst();
    }
}
