package io.gatehouse.internal.diagnostics;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.wiring.Settings;
import java.util.Locale;
import java.util.Optional;

/** Looks up single values of a configuration by name, whichever package declares the setting. */
record SettingsLookup(Config config) {

    /** Returns the value as text in lower case, its default if it is invalid, or nothing if there is no such setting. */
    Optional<String> text(String name) {
        return value(name).map(value -> value.toString().toLowerCase(Locale.ROOT));
    }

    /** Returns the value, its default if it is invalid, or nothing if there is no such setting. */
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
