package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the settings of the admin API. */
class AdminSettingsTest {
    private static final String ONE = "0123456789abcdef0123456789abcdef";
    private static final String TWO = "fedcba9876543210fedcba9876543210";

    private static AdminSettings read(Map<String, String> settings) {
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        AdminSettings admin = AdminSettings.from(config);
        config.throwIfBroken();
        return admin;
    }

    private static List<String> tokens(AdminSettings settings) {
        return settings.tokens().get().stream().map(Secret::reveal).toList();
    }

    @Test
    void isDisabledWithoutATokenOrRole() {
        assertThat(read(Map.of()).isEnabled()).isFalse();
        assertThat(read(Map.of("GATEHOUSE_ADMIN_TOKEN", " , ")).isEnabled()).isFalse();
        assertThat(read(Map.of("GATEHOUSE_ADMIN_TOKEN", ONE)).isEnabled()).isTrue();
        assertThat(read(Map.of("GATEHOUSE_ADMIN_ROLE", "operator")).isEnabled()).isTrue();
    }

    @Test
    void acceptsSeveralTokens() {
        assertThat(tokens(read(Map.of("GATEHOUSE_ADMIN_TOKEN", ONE + " ,, " + TWO))))
                .containsExactly(ONE, TWO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GATEHOUSE_ADMIN_TOKEN | 0123456789abcdef0123456789abcde | 32",
                "GATEHOUSE_ADMIN_TOKEN | 0123456789abcdef0123456789abcdef,short | 32",
                "GATEHOUSE_ADMIN_TOKEN | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | random",
                "GATEHOUSE_ADMIN_TOKEN | 0123456789abcdef 0123456789abcdef | letters",
                "GATEHOUSE_ADMIN_ROLE | ** | without *",
                "GATEHOUSE_ADMIN_RATE | often | 60/min",
                "GATEHOUSE_ADMIN_RATE | sliding 60/min | 60/min"
            })
    void rejectsWeakValuesWithoutShowingTokens(String name, String value, String expected) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(expected)
                .satisfies(thrown -> {
                    if (name.endsWith("TOKEN")) {
                        assertThat(thrown.getMessage()).doesNotContain(value);
                    }
                });
    }

    @Test
    void rereadsTheTokenFileAndKeepsTheLastValidTokens(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), ONE + "\n");
        AdminSettings settings = read(Map.of("GATEHOUSE_ADMIN_TOKEN_FILE", file.toString()));
        assertThat(tokens(settings)).containsExactly(ONE);
        Files.writeString(file, ONE + "," + TWO);
        assertThat(tokens(settings)).containsExactly(ONE, TWO);
        Files.writeString(file, "too short");
        assertThat(tokens(settings)).containsExactly(ONE, TWO);
        Files.writeString(file, TWO);
        assertThat(tokens(settings)).containsExactly(TWO);
        Files.writeString(file, "");
        assertThat(settings.isEnabled()).isFalse();
    }

    @Test
    void namesATokenByTheStartOfItsHash() {
        List<Secret> accepted = List.of(new Secret(ONE), new Secret(TWO));
        assertThat(TokenVerifier.name(TWO, accepted))
                .matches("[0-9a-f]{8}")
                .isNotEqualTo(TokenVerifier.name(ONE, accepted));
        assertThat(TokenVerifier.name(ONE.substring(1), accepted)).isNull();
        assertThat(TokenVerifier.name("", accepted)).isNull();
        assertThat(TokenVerifier.name(ONE, List.of())).isNull();
    }
}
