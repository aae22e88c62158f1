package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the names of devices. */
class DeviceNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Firefox on Linux|Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0",
                "Edge on Windows|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
                "Mobile Safari on iOS|Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15"
                        + " (KHTML, like Gecko) Version/16.5 Mobile/15E148 Safari/604.1",
                "Chrome Mobile on Android|Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/114.0.0.0 Mobile Safari/537.36",
                "curl|curl/8.1",
                "my app/1.0|my app/1.0",
                "Windows|(Windows NT 10.0)"
            })
    void namesBrowserAndSystemAsFarAsTheyAreKnown(String name, String header) {
        assertThat(new DeviceNames().of(header)).isEqualTo(name);
    }

    @Test
    @Timeout(20)
    void matchesOnlyTheBeginningOfALongHeader() {
        DeviceNames deviceNames = new DeviceNames();
        for (String part :
                new String[] {"compatible; http://", "; Android ", "1.", "bot/", "(", "iPhone OS 1_", " ", ";"}) {
            String header = "Mozilla/5.0 (" + part.repeat(100_000);
            assertThat(deviceNames.of(header)).isNotEmpty();
        }
    }

    @Test
    void showsHeadersAsTheyAreWhenMatchingTakesTooLong() {
        AtomicLong now = new AtomicLong();
        DeviceNames slow =
                new DeviceNames(() -> now.getAndAdd(Duration.ofMillis(1500).toNanos()));
        assertThat(slow.of("curl/8.1")).isEqualTo("curl");
        assertThat(slow.of("curl/8.2")).isEqualTo("curl");
        assertThat(slow.of("curl/8.3")).as("after three seconds").isEqualTo("curl/8.3");
        assertThat(slow.of("curl/8.1")).as("remembered").isEqualTo("curl");
    }

    @Test
    void remembersABoundedNumberOfNames() {
        DeviceNames deviceNames = new DeviceNames(() -> 0);
        IntStream.range(0, 600).forEach(i -> deviceNames.of("(" + i));
        assertThat(deviceNames.remembered()).isEqualTo(500);
    }
}
