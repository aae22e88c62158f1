package io.gatehouse.internal.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.App;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests which keys are accepted. */
class SigningSettingsTest {
    private static final Pattern KEY =
            Pattern.compile("\\b([A-Za-z0-9-]{1,16}):([A-Za-z0-9_-]{43,})={0,2}(?![A-Za-z0-9_-])");

    @Test
    void theFirstKeySignsAndAllVerify() {
        KeyRing ring =
                ring("new:" + App.randomKey() + ", old:" + App.randomKey()).orElseThrow();
        assertThat(ring.currentKid()).isEqualTo("new");
        assertThat(ring.kids()).containsExactly("new", "old");
    }

    @Test
    void rejectsAConfigurationWithoutAKey() {
        assertThatThrownBy(() -> ring("")).hasMessageContaining("there is no default key");
    }

    @Test
    void rejectsShortKeys() {
        assertThatThrownBy(() -> ring("k:" + base64(new byte[31])))
                .hasMessageContaining("at least 32 bytes in key k, which has 31");
    }

    @Test
    void rejectsKeysOfLowEntropy() {
        byte[] sequence = new byte[32];
        for (int i = 0; i < sequence.length; i++) {
            sequence[i] = (byte) (i * 3);
        }
        for (byte[] chosen : List.of(
                new byte[32],
                sequence,
                "correct-horse-battery-staple-0123456789".getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> ring("k:" + base64(chosen))).hasMessageContaining("entropy is too low");
        }
    }

    @Test
    void rejectsKeysPrintedInTheDocumentation() throws IOException {
        List<String> printed = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = KEY.matcher(Files.readString(document));
            while (matcher.find()) {
                printed.add(matcher.group(1) + ":" + matcher.group(2));
            }
        }
        assertThat(printed).as("keys in the documentation").isNotEmpty();
        for (String key : printed) {
            assertThatThrownBy(() -> ring(key)).hasMessageContaining("printed in Gatehouse's documentation");
        }
    }

    @Test
    void rejectsMalformedKeys() {
        assertThatThrownBy(() -> ring("justakey")).hasMessageContaining("kid:base64url");
        assertThatThrownBy(() -> ring("k.1:" + App.randomKey())).hasMessageContaining("kid of 1 to 16 letters");
        assertThatThrownBy(() -> ring("k:" + "!".repeat(43))).hasMessageContaining("base64url");
        assertThatThrownBy(() -> ring("k:" + App.randomKey() + ",k:" + App.randomKey()))
                .hasMessageContaining("each key id once");
    }

    @Test
    void signingSettingsNeverShowAKey() {
        String key = base64(new byte[40]);
        assertThatThrownBy(() -> ring("k:" + key)).hasMessageNotContaining(key).hasMessageContaining("***");
    }

    @Test
    void acceptsRandomKeysWithAndWithoutPadding() {
        for (int i = 0; i < 1000; i++) {
            assertThat(ring("k:" + App.randomKey() + (i % 2 == 0 ? "=" : ""))).isPresent();
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("src/docs"));
                Stream<Path> config = Files.walk(Path.of("server-config"))) {
            return Stream.of(Stream.of(Path.of("README.md")), docs, config)
                    .flatMap(paths -> paths)
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static Optional<KeyRing> ring(String keys) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_KEYS", keys))));
        Optional<KeyRing> ring = SigningSettings.from(config);
        config.throwIfBroken();
        return ring;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
