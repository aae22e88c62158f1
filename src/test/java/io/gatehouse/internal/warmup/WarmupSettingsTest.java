package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmupSettingsTest {

    private static WarmupSettings read(Map<String, String> settings) {
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        WarmupSettings read = WarmupSettings.from(config);
        config.throwIfBroken();
        return read;
    }

    @Test
    void warmupSettingsHaveDefaults() {
        assertThat(read(Map.of()))
                .isEqualTo(new WarmupSettings(
                        "java:comp/DefaultDataSource", "", "", 10_000, List.of(), 500, Duration.ofMinutes(5), false));
    }

    @Test
    void readsIssuersOfWarmupSettings() {
        assertThat(read(Map.of("GATEHOUSE_WARM_OAUTH_ISSUERS", "https://a.example , https://b.example/realms/x/"))
                        .issuers())
                .containsExactly(URI.create("https://a.example"), URI.create("https://b.example/realms/x/"));
    }

    @ParameterizedTest
    @CsvSource({
        "GATEHOUSE_WARM_DATA_SOURCE, ldap://evil.example/x",
        "GATEHOUSE_WARM_USERS_SQL, update users set a = 1",
        "GATEHOUSE_WARM_ROLES_SQL, select ? from roles where a = ?",
        "GATEHOUSE_WARM_OAUTH_ISSUERS, http://127.0.0.1",
        "GATEHOUSE_WARM_OAUTH_ISSUERS, https://user:pass@a.example",
        "GATEHOUSE_WARM_OAUTH_ISSUERS, https://a.example?x",
        "GATEHOUSE_WARM_OAUTH_ISSUERS, https://a.example#x",
        "GATEHOUSE_WARM_OAUTH_ISSUERS, nonsense",
        "GATEHOUSE_WARM_RATE, 0",
        "GATEHOUSE_WARM_DEADLINE, 0",
        "GATEHOUSE_WARM_DEADLINE, 999999999d",
        "GATEHOUSE_WARM_MAX_ROWS, 0"
    })
    void rejectsInvalidWarmupSettings(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(name);
    }
}
