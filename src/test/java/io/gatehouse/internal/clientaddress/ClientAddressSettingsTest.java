package io.gatehouse.internal.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the client address settings. */
class ClientAddressSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, 11.0.0.1",
        "10.0.0.7, 10.0.0.7, 10.0.0.8",
        "10.0.0.7/32, 10.0.0.7, 10.0.0.8",
        "0.0.0.0/0, 10.0.0.8, 2001:db8::1",
        "::/0, 2001:db8::1, 10.0.0.8",
        "2001:DB8::/32, 2001:db8:ffff::1, 2001:db9::1",
        "2001:db8::1/128, 2001:db8::1, 2001:db8::2",
        "::ffff:10.0.0.0/104, 10.255.0.1, 11.0.0.1",
        "::ffff:10.0.0.7, 10.0.0.7, 10.0.0.8",
    })
    void aNetworkContainsAllAddressesWithItsPrefix(String network, String inside, String outside) {
        CidrSet cidrSet = ClientAddressSettings.from(config(Map.of("GATEHOUSE_TRUSTED_PROXIES", network)))
                .trustedProxies();
        assertThat(cidrSet.contains(AddressParser.address(inside).orElseThrow()))
                .isTrue();
        assertThat(cidrSet.contains(AddressParser.address(outside).orElseThrow()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "10.0.0.5/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/",
                "/8",
                "10/8",
                "010.0.0.0/8",
                "10.0.0.*",
                "2001:db8::1/32",
                "2001:db8::/129",
                "::ffff:0:0/95",
            })
    void reportsAnInvalidNetwork(String network) {
        Config config = config(Map.of("GATEHOUSE_TRUSTED_PROXIES", "10.0.0.0/8," + network));
        assertThat(ClientAddressSettings.from(config)).isNotNull();
        assertThatThrownBy(config::throwIfBroken)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("GATEHOUSE_TRUSTED_PROXIES is '10.0.0.0/8," + network + "' (test); expected"
                        + " addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after"
                        + " the prefix, not '" + network + "'");
    }

    @Test
    void reportsAnInvalidPrefixAndHeader() {
        Config config = config(Map.of("GATEHOUSE_IPV6_PREFIX", "31", "GATEHOUSE_FORWARDED_HEADER", "x-real-ip"));
        assertThat(ClientAddressSettings.from(config)).isNotNull();
        assertThatThrownBy(config::throwIfBroken)
                .hasMessageContaining("expected a whole number from 32 to 128")
                .hasMessageContaining("expected one of x-forwarded-for, forwarded");
    }

    private static Config config(Map<String, String> settings) {
        return new Config(List.of(ConfigSource.of("test", settings)));
    }
}
