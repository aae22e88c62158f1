package io.gatehouse.internal.cache;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one region: lifetimes of its entries, timeouts of its loaders, and sizes. Immutable.
 *
 * @param name lower-case letters, digits and hyphens
 * @param ttl how long an entry is fresh, less a random part of up to a tenth, so that entries do not expire together
 * @param staleIfErrorTtl how long after its load an entry may be used if it cannot be reloaded; not less than {@code ttl}
 * @param negativeTtl how long the absence of a value is cached
 * @param softTimeout how long a caller waits for a loader if a stale value is available
 * @param loadTimeout how long a caller waits unless its options say otherwise; also when a loader is given up and another may
 *     start
 * @param retry how long a stale value is used after a loader has failed, before the next attempt
 * @param staleness how far the first level may lag behind Redis; null for no limit
 * @param memory the size of the first level in bytes; 0 disables it
 * @param compress values with more bytes are compressed in Redis
 */
public record RegionSettings(
        String name,
        Duration ttl,
        Duration staleIfErrorTtl,
        Duration negativeTtl,
        Duration softTimeout,
        Duration loadTimeout,
        Duration retry,
        @Nullable Duration staleness,
        int memory,
        int compress) {

    private static final Map<String, BiFunction<RegionSettings, String, RegionSettings>> PARAMETERS = Map.of(
            "ttl", (settings, text) -> settings.withTtl(time(text)),
            "stale-if-error-ttl", (settings, text) -> settings.withStaleIfErrorTtl(time(text)),
            "negative-ttl", (settings, text) -> settings.withNegativeTtl(time(text)),
            "soft-timeout", (settings, text) -> settings.withSoftTimeout(time(text)),
            "load-timeout", (settings, text) -> settings.withLoadTimeout(time(text)),
            "retry", (settings, text) -> settings.withRetry(time(text)),
            "staleness", (settings, text) -> settings.withStaleness(time(text)),
            "memory", (settings, text) -> settings.withMemory(number(text)),
            "compress", (settings, text) -> settings.withCompress(number(text)));

    /** The names of parameters before version 0.1.0, with the present names. */
    private static final Map<String, String> RENAMED = Map.of(
            "keep", "stale-if-error-ttl", "absent", "negative-ttl", "soft", "soft-timeout", "load", "load-timeout");

    public RegionSettings {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "Invalid region name " + name + "; expected a lower-case letter, then letters, digits and hyphens");
        }
        if (ttl.toMillis() < 1 || loadTimeout.toMillis() < 1 || memory < 0 || compress < 0) {
            throw new IllegalArgumentException("Invalid value for region " + name
                    + ": ttl and load-timeout must be at least 1ms, sizes at least 0");
        }
        if (staleIfErrorTtl.compareTo(ttl) < 0) {
            throw new IllegalArgumentException(
                    "The stale-if-error-ttl of region " + name + " must not be less than its ttl");
        }
    }

    /** Returns the default settings of a region: fresh for 10 minutes, usable for an hour. */
    public static RegionSettings of(String name) {
        return new RegionSettings(
                name,
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofSeconds(30),
                Duration.ofMillis(250),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                null,
                16 << 20,
                8 << 10);
    }

    /** Parses {@code name parameter=value ...}; {@code base} supplies the values of parameters that are not given. */
    static RegionSettings parse(String line, Function<String, RegionSettings> base) {
        String[] words = line.strip().split("\\s+", -1);
        if (!isName(words[0])) {
            throw new IllegalArgumentException("Expected the name of a region, then parameters such as ttl=10m");
        }
        RegionSettings settings = base.apply(words[0]);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String name = words[i].substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT);
            BiFunction<RegionSettings, String, RegionSettings> parameter = PARAMETERS.get(name);
            if (RENAMED.containsKey(name)) {
                throw new IllegalArgumentException("Unknown parameter " + name + "; it is now " + RENAMED.get(name));
            }
            if (parameter == null) {
                throw new IllegalArgumentException(
                        "Expected one of ttl, stale-if-error-ttl, negative-ttl, soft-timeout,"
                                + " load-timeout, retry, staleness, memory or compress, followed by = and a value; found "
                                + words[i]);
            }
            settings = parameter.apply(settings, words[i].substring(equals + 1));
        }
        return settings;
    }

    static boolean isName(String text) {
        return text.matches("[a-z][a-z0-9-]{0,31}");
    }

    private static Duration time(String text) {
        return CacheSettings.time(text);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Expected a number of bytes, found " + text, e);
        }
    }

    RegionSettings withTtl(Duration value) {
        Duration longer = staleIfErrorTtl.compareTo(value) < 0 ? value : staleIfErrorTtl;
        return new RegionSettings(
                name, value, longer, negativeTtl, softTimeout, loadTimeout, retry, staleness, memory, compress);
    }

    RegionSettings withStaleIfErrorTtl(Duration value) {
        return new RegionSettings(
                name, ttl, value, negativeTtl, softTimeout, loadTimeout, retry, staleness, memory, compress);
    }

    RegionSettings withNegativeTtl(Duration value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, value, softTimeout, loadTimeout, retry, staleness, memory, compress);
    }

    RegionSettings withSoftTimeout(Duration value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, value, loadTimeout, retry, staleness, memory, compress);
    }

    RegionSettings withLoadTimeout(Duration value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, softTimeout, value, retry, staleness, memory, compress);
    }

    RegionSettings withRetry(Duration value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, softTimeout, loadTimeout, value, staleness, memory, compress);
    }

    RegionSettings withStaleness(Duration value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, softTimeout, loadTimeout, retry, value, memory, compress);
    }

    RegionSettings withMemory(int value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, softTimeout, loadTimeout, retry, staleness, value, compress);
    }

    RegionSettings withCompress(int value) {
        return new RegionSettings(
                name, ttl, staleIfErrorTtl, negativeTtl, softTimeout, loadTimeout, retry, staleness, memory, value);
    }
}
