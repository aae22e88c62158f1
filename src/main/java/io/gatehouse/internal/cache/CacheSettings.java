package io.gatehouse.internal.cache;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.serialization.ClassPolicy;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the cache: its regions and how values are serialized. Checked at construction; immutable. */
public final class CacheSettings {
    static final Setting<Boolean> ENABLED = Setting.flag(
            "GATEHOUSE_CACHE_ENABLED",
            true,
            "Whether the cache and its warmup are enabled. If not, `REDIS_URL` is not used.");
    static final Setting<String> REGIONS = Setting.text(
            "GATEHOUSE_CACHE_REGIONS",
            "",
            "Regions of the cache, separated by semicolons: a name and parameters such as `ttl=10m`, see cache.md. `user`, `oauth`, `roles` and `default` always exist.");
    static final Setting<Boolean> LISTED = Setting.flag(
            "GATEHOUSE_CACHE_ONLY_LISTED_CLASSES",
            false,
            "Whether Java deserialization in the cache may create only the classes in GATEHOUSE_CACHE_ALLOWED_CLASSES. Known gadgets are always refused.");
    static final Setting<List<String>> ALLOWED_CLASSES = Setting.list(
            "GATEHOUSE_CACHE_ALLOWED_CLASSES",
            "",
            "Class names, packages such as `com.acme.*`, or packages with their subpackages such as `com.acme.**`, separated by commas.");
    static final Setting<List<String>> JSON_TYPES = Setting.list(
            "GATEHOUSE_CACHE_JSON_TYPES",
            "",
            "Names of classes that the cache stores as JSON (JSON-B) instead of with Java serialization.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL = List.of(ENABLED, REGIONS, LISTED, ALLOWED_CLASSES, JSON_TYPES);

    private static final Setting<Duration> TIME = Setting.duration("time", "0", "");
    private static final List<String> BUILT_IN = List.of("default", "user", "oauth", "roles");

    private final boolean enabled;
    private final Map<String, RegionSettings> regions = new LinkedHashMap<>();
    private final ClassPolicy policy;
    private final Set<String> jsonTypes;

    private CacheSettings(boolean enabled, ClassPolicy policy, List<String> jsonTypes) {
        this.enabled = enabled;
        this.policy = policy;
        this.jsonTypes = Set.copyOf(jsonTypes);
        BUILT_IN.forEach(name -> regions.put(name, RegionSettings.of(name)));
    }

    /** Reads the settings; reports invalid values as problems of the configuration. */
    public static CacheSettings from(Config config) {
        boolean listed = config.read(LISTED);
        List<String> allowed = config.read(ALLOWED_CLASSES);
        CacheSettings settings = new CacheSettings(
                config.read(ENABLED),
                listed ? ClassPolicy.only(allowed) : ClassPolicy.anyButGadgets(),
                config.read(JSON_TYPES));
        for (String line : config.read(REGIONS).split("[;\n]", -1)) {
            if (!line.isBlank()) {
                try {
                    RegionSettings region = RegionSettings.parse(line, RegionSettings::of);
                    settings.regions.put(region.name(), region);
                } catch (IllegalArgumentException e) {
                    config.problem(REGIONS, e.getMessage() + " (in: " + line.strip() + ")");
                }
            }
        }
        return settings;
    }

    /**
     * Parses a time such as {@code 5m}.
     *
     * @throws IllegalArgumentException if the text has another form; the message is what is expected
     */
    public static Duration time(String text) {
        return TIME.parser().apply(text);
    }

    /** Returns whether the cache is enabled. */
    public boolean enabled() {
        return enabled;
    }

    /** Returns whether values are stored as JSON. */
    public boolean storesJson() {
        return !jsonTypes.isEmpty();
    }

    Map<String, RegionSettings> regions() {
        return regions;
    }

    ValueCodec codec(@Nullable JsonMapper json) {
        return new ValueCodec(json, jsonTypes, policy, ValueLimits.WIDEST);
    }
}
