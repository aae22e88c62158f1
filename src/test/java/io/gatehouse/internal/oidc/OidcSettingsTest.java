package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OidcSettingsTest {
    private static Optional<OidcSettings> read(Map<String, String> values) {
        Config config = new Config(List.of(ConfigSource.of("test", values)));
        Optional<OidcSettings> settings = OidcSettings.from(config);
        config.throwIfBroken();
        return settings;
    }

    @Test
    void isOffUntilAnIssuerIsSet() {
        assertThat(read(Map.of())).isEmpty();
    }

    @Test
    void keepsTheIssuerAsItIsWritten() {
        OidcSettings settings = read(Map.of(
                        "GATEHOUSE_OIDC_ISSUER", "https://login.example.com/",
                        "GATEHOUSE_OIDC_CLIENT_ID", "shop"))
                .orElseThrow();
        assertThat(settings.issuer()).hasToString("https://login.example.com/");
        assertThat(settings.clockSkew()).hasMinutes(1);
        assertThat(settings.frontChannel()).isFalse();
    }

    @Test
    void namesEveryProblem() {
        assertThatThrownBy(() -> read(Map.of("GATEHOUSE_OIDC_ISSUER", "https://login.example.com")))
                .hasMessageContaining("GATEHOUSE_OIDC_CLIENT_ID");
        assertThatThrownBy(() -> read(Map.of("GATEHOUSE_OIDC_CLIENT_ID", "shop")))
                .hasMessageContaining("GATEHOUSE_OIDC_ISSUER");
        assertThatThrownBy(() -> read(Map.of(
                        "GATEHOUSE_OIDC_ISSUER", "https://a.example.com,https://b.example.com",
                        "GATEHOUSE_OIDC_CLIENT_ID", "shop",
                        "GATEHOUSE_OIDC_JWKS", "{}",
                        "GATEHOUSE_OIDC_CLOCK_SKEW", "11m")))
                .hasMessageContaining("one https URL")
                .hasMessageContaining("a JWK Set")
                .hasMessageContaining("a time up to 10m");
        assertThatThrownBy(() -> read(Map.of(
                        "GATEHOUSE_OIDC_ISSUER", "http://login.example.com", "GATEHOUSE_OIDC_CLIENT_ID", "shop")))
                .hasMessageContaining("https");
    }
}
