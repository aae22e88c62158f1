package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheSettingsTest {

    @Test
    void regionsAreReadWithTheirWords() {
        CacheSettings settings = settings("user ttl=5m staleness=2s; profiles ttl=2h memory=64000 compress=10 soft=1s "
                + "load=10s retry=1s absent=5s keep=1d");
        assertThat(settings.regions().keySet()).containsExactly("default", "user", "oauth", "roles", "profiles");
        assertThat(settings.regions().get("user"))
                .isEqualTo(
                        RegionSettings.of("user").withTtl(Duration.ofMinutes(5)).withStaleness(Duration.ofSeconds(2)));
        assertThat(settings.regions().values()).extracting(RegionSettings::keep).contains(Duration.ofDays(1));
    }

    @Test
    void everyMistakeIsToldWithItsPlace() {
        assertThatThrownBy(
                        () -> settings("User ttl=5m; user tll=5m; user ttl=soon; user ttl=5m keep=1m; user memory=-1"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("(in: User ttl=5m)")
                .hasMessageContaining("not tll=5m")
                .hasMessageContaining("(in: user ttl=soon)")
                .hasMessageContaining("keeps entries for less time")
                .hasMessageContaining("(in: user memory=-1)");
    }

    private static CacheSettings settings(String regions) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_CACHE_REGIONS", regions))));
        CacheSettings settings = CacheSettings.from(config);
        config.throwIfBroken();
        return settings;
    }
}
