package io.gatehouse.internal.ops;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.ratelimit.ApplicationInfo;
import io.gatehouse.internal.signing.KeyRing;
import java.time.Instant;
import java.util.List;

/** Keys, settings and applications as operators see them. Component names are those of the JSON. */
public final class ConfigurationViews {
    private ConfigurationViews() {}

    /** The signing keys, by their ids. */
    public record KeyList(List<KeyView> keys) {
        /** The keys of a ring. */
        public static KeyList of(KeyRing ring) {
            return new KeyList(ring.kids().stream()
                    .map(kid -> new KeyView(kid, kid.equals(ring.currentKid())))
                    .toList());
        }
    }

    /**
     * One signing key.
     *
     * @param signs whether it signs, or only verifies
     */
    public record KeyView(String kid, boolean signs) {}

    /** Settings, secrets masked. */
    public record SettingList(List<SettingView> settings) {
        static SettingList of(List<Config.Value> values) {
            return new SettingList(values.stream()
                    .map(value -> new SettingView(value.name(), value.shown(), value.source(), value.isDefault()))
                    .toList());
        }
    }

    /** One setting. */
    public record SettingView(
            String name,
            String value,
            String source,
            @JsonMember("default") boolean isDefault) {}

    /** The applications that share this Redis and the prefix of its keys. */
    public record ApplicationList(List<ApplicationView> applications) {
        static ApplicationList of(List<ApplicationInfo> applications) {
            return new ApplicationList(applications.stream()
                    .map(application ->
                            new ApplicationView(application.name(), application.nodes(), application.lastSeen()))
                    .toList());
        }
    }

    /** One application. */
    public record ApplicationView(String name, int nodes, Instant lastSeen) {}
}
