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

/** The regions of the cache and how values are written; checked when it is made. */
public final class CacheSettings {
    static final Setting<Boolean> ENABLED = Setting.flag(
            "GATEHOUSE_CACHE_ENABLED",
            true,
            "Whether there are a cache, warming and jobs; without them `REDIS_URL` and `REDIS_CACHE_WARMING_URL` are not connected to.");
    static final Setting<String> REGIONS = Setting.text(
            "GATEHOUSE_CACHE_REGIONS",
            "",
            "Regions of the cache, between semicolons: a name and words such as `ttl=10m`, see cache.md. `user`, `oauth`, `roles` and `default` are always there.");
    static final Setting<Boolean> LISTED = Setting.flag(
            "GATEHOUSE_CACHE_ONLY_LISTED_CLASSES",
            false,
            "Whether Java serialization in the cache may touch only classes in GATEHOUSE_CACHE_ALLOWED_CLASSES. Known gadgets it never may.");
    static final Setting<List<String>> ALLOWED_CLASSES = Setting.list(
            "GATEHOUSE_CACHE_ALLOWED_CLASSES",
            "",
            "Class names, or packages as `com.acme.*` (with all below: `com.acme.**`), between commas.");
    static final Setting<List<String>> JSON_TYPES = Setting.list(
            "GATEHOUSE_CACHE_JSON_TYPES",
            "",
            "Names of classes that the cache stores as JSON (JSON-B) instead of by Java serialization.");

    /** Every setting of this package. */
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

    /** Reads everything and leaves what is wrong with the configuration. */
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

    static Duration time(String text) {
        return TIME.parser().apply(text);
    }

    /** Whether there is a cache. */
    public boolean enabled() {
        return enabled;
    }

    Map<String, RegionSettings> regions() {
        return regions;
    }

    ValueCodec codec(@Nullable JsonMapper json) {
        return new ValueCodec(json, jsonTypes, policy, ValueLimits.WIDEST);
    }
}
