package io.gatehouse.internal.ops;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.ratelimit.ApplicationInfo;
import io.gatehouse.internal.signing.KeyRing;
import java.time.Instant;
import java.util.List;

/** Views of signing keys, settings and applications. Component names are the names of the JSON members. */
public final class ConfigurationViews {
    private ConfigurationViews() {}

    /** The ids of the signing keys. */
    public record KeyList(List<KeyView> keys) {
        /** Returns the view of a key ring. */
        public static KeyList of(KeyRing ring) {
            return new KeyList(ring.kids().stream()
                    .map(kid -> new KeyView(kid, kid.equals(ring.currentKid())))
                    .toList());
        }
    }

    /**
     * One signing key.
     *
     * @param signs whether the key signs; the other keys only verify
     */
    public record KeyView(String kid, boolean signs) {}

    /** Settings, with secrets masked. */
    public record SettingList(List<SettingView> settings) {
        static SettingList of(List<Config.Value> values) {
            return new SettingList(values.stream()
                    .map(value -> new SettingView(value.name(), value.shown(), value.source(), value.isDefault()))
                    .toList());
        }
    }

    /** One setting, with its source. */
    public record SettingView(
            String name,
            String value,
            String source,
            @JsonMember("default") boolean isDefault) {}

    /** The applications that share this Redis and this key prefix. */
    public record ApplicationList(List<ApplicationView> applications) {
        static ApplicationList of(List<ApplicationInfo> applications) {
            return new ApplicationList(applications.stream()
                    .map(application ->
                            new ApplicationView(application.name(), application.nodes(), application.lastSeen()))
                    .toList());
        }
    }

    /** One application: how many nodes are alive, and when one was last seen. */
    public record ApplicationView(String name, int nodes, Instant lastSeen) {}
}
