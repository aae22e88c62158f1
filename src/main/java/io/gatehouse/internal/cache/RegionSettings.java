package io.gatehouse.internal.cache;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How long the entries of a region live and how they are loaded. Immutable.
 *
 * @param name lower-case letters, digits and hyphens
 * @param ttl how long an entry is fresh; up to a tenth less, so that not all end together
 * @param keep how long an entry can be used at most where it cannot be loaded anew; not less than {@code ttl}
 * @param absent how long it is remembered that there is no value
 * @param soft how long somebody waits for a loader who could have an older value
 * @param load after what time a loader is given up, and another may begin
 * @param retry how long an older value is used after a loader has failed, before the next tries
 * @param staleness how far the first level may be behind; null for as far as {@link DefaultCacheManager#staleness} says
 * @param memory bytes of the first level, 0 for none
 * @param compress from how many bytes on values are compressed in Redis
 */
public record RegionSettings(
        String name,
        Duration ttl,
        Duration keep,
        Duration absent,
        Duration soft,
        Duration load,
        Duration retry,
        @Nullable Duration staleness,
        int memory,
        int compress) {

    private static final Map<String, BiFunction<RegionSettings, String, RegionSettings>> WORDS = Map.of(
            "ttl", (settings, text) -> settings.withTtl(time(text)),
            "keep", (settings, text) -> settings.withKeep(time(text)),
            "absent", (settings, text) -> settings.withAbsent(time(text)),
            "soft", (settings, text) -> settings.withSoft(time(text)),
            "load", (settings, text) -> settings.withLoad(time(text)),
            "retry", (settings, text) -> settings.withRetry(time(text)),
            "staleness", (settings, text) -> settings.withStaleness(time(text)),
            "memory", (settings, text) -> settings.withMemory(number(text)),
            "compress", (settings, text) -> settings.withCompress(number(text)));

    public RegionSettings {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a region is named by lower-case letters, digits and hyphens, not " + name);
        }
        if (ttl.toMillis() < 1 || load.toMillis() < 1 || memory < 0 || compress < 0) {
            throw new IllegalArgumentException("times of region " + name + " are at least 1ms, sizes not negative");
        }
        if (keep.compareTo(ttl) < 0) {
            throw new IllegalArgumentException("region " + name + " keeps entries for less time than they are fresh");
        }
    }

    /** A region whose entries are fresh for 10 minutes and kept for an hour. */
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

    /** Reads {@code name word=value ...}; {@code base} has what is not said. */
    static RegionSettings parse(String line, Function<String, RegionSettings> base) {
        String[] words = line.strip().split("\\s+", -1);
        if (!isName(words[0])) {
            throw new IllegalArgumentException("a region's name, then words such as ttl=10m");
        }
        RegionSettings settings = base.apply(words[0]);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            BiFunction<RegionSettings, String, RegionSettings> word =
                    equals < 0 ? null : WORDS.get(words[i].substring(0, equals).toLowerCase(Locale.ROOT));
            if (word == null) {
                throw new IllegalArgumentException(
                        "ttl, keep, absent, soft, load, retry, staleness, memory or compress and =, not " + words[i]);
            }
            settings = word.apply(settings, words[i].substring(equals + 1));
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
            throw new IllegalArgumentException("a number of bytes, not " + text, e);
        }
    }

    public RegionSettings withTtl(Duration value) {
        Duration longer = keep.compareTo(value) < 0 ? value : keep;
        return new RegionSettings(name, value, longer, absent, soft, load, retry, staleness, memory, compress);
    }

    public RegionSettings withKeep(Duration value) {
        return new RegionSettings(name, ttl, value, absent, soft, load, retry, staleness, memory, compress);
    }

    public RegionSettings withAbsent(Duration value) {
        return new RegionSettings(name, ttl, keep, value, soft, load, retry, staleness, memory, compress);
    }

    public RegionSettings withSoft(Duration value) {
        return new RegionSettings(name, ttl, keep, absent, value, load, retry, staleness, memory, compress);
    }

    public RegionSettings withLoad(Duration value) {
        return new RegionSettings(name, ttl, keep, absent, soft, value, retry, staleness, memory, compress);
    }

    public RegionSettings withRetry(Duration value) {
        return new RegionSettings(name, ttl, keep, absent, soft, load, value, staleness, memory, compress);
    }

    public RegionSettings withStaleness(Duration value) {
        return new RegionSettings(name, ttl, keep, absent, soft, load, retry, value, memory, compress);
    }

    public RegionSettings withMemory(int value) {
        return new RegionSettings(name, ttl, keep, absent, soft, load, retry, staleness, value, compress);
    }

    public RegionSettings withCompress(int value) {
        return new RegionSettings(name, ttl, keep, absent, soft, load, retry, staleness, memory, value);
    }
}
