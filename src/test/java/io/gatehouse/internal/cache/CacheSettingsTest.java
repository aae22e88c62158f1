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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheSettingsTest {

    @Test
    void readsRegionsWithTheirParameters() {
        CacheSettings settings =
                settings("user ttl=5m staleness=2s; profiles ttl=2h memory=64000 compress=10 soft-timeout=1s "
                        + "load-timeout=10s retry=1s negative-ttl=5s stale-if-error-ttl=1d");
        assertThat(settings.regions().keySet()).containsExactly("default", "user", "oauth", "roles", "profiles");
        assertThat(settings.regions().get("user"))
                .isEqualTo(
                        RegionSettings.of("user").withTtl(Duration.ofMinutes(5)).withStaleness(Duration.ofSeconds(2)));
        assertThat(settings.regions().values())
                .extracting(RegionSettings::staleIfErrorTtl)
                .contains(Duration.ofDays(1));
    }

    @Test
    void reportsEveryInvalidRegionWithItsText() {
        assertThatThrownBy(() -> settings(
                        "User ttl=5m; user tll=5m; user ttl=soon; user ttl=5m stale-if-error-ttl=1m; user memory=-1"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("(in: User ttl=5m)")
                .hasMessageContaining("found tll=5m")
                .hasMessageContaining("(in: user ttl=soon)")
                .hasMessageContaining("stale-if-error-ttl of region user must not be less than its ttl")
                .hasMessageContaining("(in: user memory=-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "keep=1d, stale-if-error-ttl",
        "absent=5s, negative-ttl",
        "soft=1s, soft-timeout",
        "load=10s, load-timeout",
    })
    void namesTheNewParameterForAnOldOne(String parameter, String newName) {
        assertThatThrownBy(() -> settings("user " + parameter))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("it is now " + newName + " (in: user " + parameter + ")");
    }

    private static CacheSettings settings(String regions) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_CACHE_REGIONS", regions))));
        CacheSettings settings = CacheSettings.from(config);
        config.throwIfBroken();
        return settings;
    }
}
