package io.gatehouse.internal.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.LogCapture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of trusted proxies and forwarding headers. */
class ClientAddressResolverTest {
    private static final String PROXY = "10.0.0.1";
    private static final ClientAddressResolver BEHIND =
            addresses(Map.of("GATEHOUSE_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8:ff::/48"));
    private static final ClientAddressResolver BEHIND_STANDARD =
            addresses(Map.of("GATEHOUSE_TRUSTED_PROXIES", "10.0.0.0/8", "GATEHOUSE_FORWARDED_HEADER", "forwarded"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "203.0.113.7 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7, 10.0.0.2, 10.0.0.3 | 203.0.113.7",
                "6.6.6.6,203.0.113.7,10.0.0.2 | 203.0.113.7",
                "203.0.113.7:4711 | 203.0.113.7",
                "^\t 203.0.113.7 \t^ | 203.0.113.7",
                "\"203.0.113.7\" | 203.0.113.7",
                "2001:DB8::7 | 2001:db8::7",
                "[2001:db8::7] | 2001:db8::7",
                "[2001:db8::7]:4711 | 2001:db8::7",
                "\"[2001:db8::7]:4711\" | 2001:db8::7",
                "fe80::7%eth0 | fe80::7",
                "::ffff:cb00:7107 | 203.0.113.7",
                "203.0.113.7, ::ffff:10.0.0.2 | 203.0.113.7",
                "203.0.113.7, 2001:db8:ff::2 | 203.0.113.7",
                // all are trusted: the last one is the client
                "10.1.1.1, 10.0.0.2 | 10.1.1.1",
                // reading stops at an element that is not an address
                "203.0.113.7, unknown | 10.0.0.1",
                "203.0.113.7, _hidden, 10.0.0.2 | 10.0.0.2",
                "203.0.113.7, 10.0.0.2, | 10.0.0.1",
                "203.0.113.7, , 10.0.0.2 | 10.0.0.2",
                ", 203.0.113.7 | 203.0.113.7",
                "203.0.113.7, 010.0.0.2 | 10.0.0.1",
                "203.0.113.7, 0x0a.2 | 10.0.0.1",
                "203.0.113.7, 10.0.0.2:123456 | 10.0.0.1",
                "203.0.113.7, 10.0.0.2: | 10.0.0.1",
                "203.0.113.7, [10.0.0.2] | 10.0.0.1",
                "203.0.113.7, [2001:db8:ff::2 | 10.0.0.1",
                "203.0.113.7, \"10.0.0.2 | 10.0.0.1",
                "203.0.113.7 10.0.0.2 | 10.0.0.1",
                "203.0.113.7, unix: | 10.0.0.1",
                "203.0.113.7, example.org | 10.0.0.1",
                "^203.0.113.7, 10.0.0.2\u0001^ | 10.0.0.1",
                "203.0.113.7, 10.0.0.2\u2003 | 10.0.0.1",
                "203.0.113.7, 10.0.0.2\u00e4 | 10.0.0.1",
                // a quote that a client opens at the left has no effect at the right
                "\", 203.0.113.7, 10.0.0.2 | 203.0.113.7",
                "\"6.6.6.6, 203.0.113.7 | 203.0.113.7",
            })
    void readsFromTheRightPastTheTrustedProxies(String header, String client) {
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", header))).hasToString(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "for=203.0.113.7 | 203.0.113.7",
                "For=\"203.0.113.7:4711\";proto=http;by=10.0.0.1 | 203.0.113.7",
                "proto=https; FOR=203.0.113.7 | 203.0.113.7",
                "for=\"[2001:db8::7]\" | 2001:db8::7",
                "for=\"[2001:DB8::7]:4711\" | 2001:db8::7",
                "for=\"[2001:db8::7]:_port\" | 2001:db8::7",
                "for=6.6.6.6, for=203.0.113.7;by=_us, for=10.0.0.2 | 203.0.113.7",
                "for=203.0.113.7;host=\"a,b;for=6.6.6.6\" | 203.0.113.7",
                "for=203.0.113.7;host=\"a\\\",for=6.6.6.6;x=\\\"b\" | 203.0.113.7",
                "for=203.0.113.7;host=\"a\\\\\" | 203.0.113.7",
                "for=\", for=203.0.113.7 | 203.0.113.7",
                "for=6.6.6.6;x=\"\\, for=203.0.113.7 | 203.0.113.7",
                "for=203.0.113.7, for=unknown | 10.0.0.1",
                "for=203.0.113.7, for=\"_hidden\", for=10.0.0.2 | 10.0.0.2",
                "for=203.0.113.7, proto=https | 10.0.0.1",
                "for=203.0.113.7;for=6.6.6.6 | 10.0.0.1",
                "for=203.0.113.7, for= | 10.0.0.1",
                "for=203.0.113.7, for=\"\" | 10.0.0.1",
                "for=203.0.113.7, for=\" | 10.0.0.1",
                "for=203.0.113.7, for = 10.0.0.2 | 10.0.0.1",
                "for=203.0.113.7, 10.0.0.2 | 10.0.0.1",
                "xfor=203.0.113.7 | 10.0.0.1",
                "for=\"203.0.113\\.7\" | 10.0.0.1",
            })
    void readsTheForwardedHeader(String header, String client) {
        assertThat(BEHIND_STANDARD.of(PROXY, only("Forwarded", header))).hasToString(client);
    }

    @Test
    void onlyTheConfiguredAddressHeaderIsRead() {
        Function<String, List<String>> both =
                headers(Map.of("X-Forwarded-For", List.of("203.0.113.1"), "Forwarded", List.of("for=203.0.113.2")));
        assertThat(BEHIND.of(PROXY, both)).hasToString("203.0.113.1");
        assertThat(BEHIND_STANDARD.of(PROXY, both)).hasToString("203.0.113.2");
        assertThat(BEHIND.of(PROXY, only("Forwarded", "for=203.0.113.2"))).hasToString(PROXY);
        assertThat(BEHIND_STANDARD.of(PROXY, only("X-Forwarded-For", "203.0.113.1")))
                .hasToString(PROXY);
    }

    @Test
    void readsRepeatedHeadersAsOne() {
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", "6.6.6.6", "203.0.113.7, 10.0.0.3", "10.0.0.2")))
                .hasToString("203.0.113.7");
        assertThat(BEHIND_STANDARD.of(PROXY, only("Forwarded", "for=6.6.6.6", "for=203.0.113.7", "for=10.0.0.2")))
                .hasToString("203.0.113.7");
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", "203.0.113.7", ""))).hasToString(PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9", "11.0.0.1", "2001:db8::9", "::1"})
    void ignoresTheHeaderOfAnUntrustedPeer(String peer) {
        assertThat(BEHIND.of(peer, only("X-Forwarded-For", "6.6.6.6"))).hasToString(peer);
    }

    @Test
    void noProxyIsTrustedWithoutConfiguration() {
        ClientAddressResolver alone = addresses(Map.of());
        for (String peer : new String[] {PROXY, "127.0.0.1", "203.0.113.9", "::1"}) {
            assertThat(alone.of(peer, only("X-Forwarded-For", "6.6.6.6"))).hasToString(peer);
        }
        assertThat(alone.of("::ffff:127.0.0.1", name -> List.of())).hasToString("127.0.0.1");
    }

    /** The 6to4 address 2002:a00:1::1 counts as 10.0.0.1, but is not trusted like 10.0.0.1. */
    @Test
    void trustsAnAddressButNotTheAddressThatItEmbeds() {
        assertThat(BEHIND.of("2002:a00:1::1", only("X-Forwarded-For", "6.6.6.6")))
                .hasToString("10.0.0.1");
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", "6.6.6.6, 64:ff9b::10.0.0.1")))
                .hasToString("10.0.0.1");
        assertThat(BEHIND.of("::ffff:10.0.0.1", only("X-Forwarded-For", "6.6.6.6")))
                .hasToString("6.6.6.6");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"unix:", "unix:/run/app.sock", "localhost", "10.0.0.1, 10.0.0.2"})
    void aPeerWithoutAnAddressCountsAsTheUnspecifiedAddress(String peer) {
        Function<String, List<String>> header = only("X-Forwarded-For", "203.0.113.7");
        assertThat(BEHIND.of(peer, header)).hasToString("::");
        assertThat(addresses(Map.of("GATEHOUSE_TRUSTED_PROXIES", "::")).of(peer, header))
                .hasToString("203.0.113.7");
    }

    @Test
    void readsOnlyTheEndOfALongHeader() {
        for (int size : new int[] {10_000, 1_000_000}) {
            for (String junk :
                    new String[] {"a", ",", " ", "\"", "\\\"", "10.0.0.2,", "6.6.6.6, ", "for=1.1.1.1,", ";"}) {
                String header = junk.repeat(size / junk.length());
                assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", header + ", 203.0.113.7")))
                        .as(junk)
                        .hasToString("203.0.113.7");
                assertThat(BEHIND_STANDARD.of(PROXY, only("Forwarded", header + ", for=203.0.113.7")))
                        .as(junk)
                        .hasToString("203.0.113.7");
                assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", header))).isNotNull();
                assertThat(BEHIND_STANDARD.of(PROXY, only("Forwarded", header))).isNotNull();
            }
        }
    }

    @Test
    void readsAtMostTwentyHops() {
        String client = "203.0.113.7";
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", client + ", 10.0.0.2".repeat(19))))
                .hasToString(client);
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", client + ", 10.0.0.2".repeat(20))))
                .hasToString("10.0.0.2");
        List<String> lines = new ArrayList<>(List.of(client));
        for (int i = 0; i < 20; i++) {
            lines.add("10.0.0.2");
        }
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", lines.toArray(String[]::new))))
                .hasToString("10.0.0.2");
    }

    @Test
    void doesNotParseATruncatedElement() {
        String header = "9203.0.113.7" + " ".repeat(4096 - "203.0.113.7, 10.0.0.2".length()) + ", 10.0.0.2";
        assertThat(header).hasSize(4097);
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", header))).hasToString("10.0.0.2");
        assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", header.substring(1))))
                .hasToString("203.0.113.7");
    }

    @Test
    void neverThrowsForAnyHeader() {
        Cases.seeded(2000, draws -> {
            String peer = draws.text();
            List<String> values = draws.list(30, draws::text);
            assertThat(BEHIND.of(peer, name -> values)).isNotNull();
            assertThat(BEHIND.of(PROXY, name -> values)).isNotNull();
            assertThat(BEHIND_STANDARD.of(PROXY, name -> values)).isNotNull();
        });
    }

    @Test
    void textAtTheLeftOfAHeaderChangesNothing() {
        Cases.seeded(2000, draws -> {
            String forged = draws.text();
            assertThat(BEHIND.of(PROXY, only("X-Forwarded-For", forged + ", 203.0.113.7, 10.0.0.2")))
                    .hasToString("203.0.113.7");
            assertThat(BEHIND_STANDARD.of(PROXY, only("Forwarded", forged + ", for=203.0.113.7;host=\"a,\\\"\"")))
                    .hasToString("203.0.113.7");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "172.31.0.1", "192.168.1.1", "127.0.0.1", "::1", "fd00::1", "100.64.0.1"})
    void warnsOnceAboutAProxyThatIsNotConfigured(String peer) {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.clientaddress")) {
            ClientAddressResolver alone = addresses(Map.of("GATEHOUSE_TRUSTED_PROXIES", "10.9.9.9"));
            assertThat(alone.of(peer, name -> List.of())).hasToString(peer);
            assertThat(alone.of("203.0.113.9", only("X-Forwarded-For", "6.6.6.6")))
                    .hasToString("203.0.113.9");
            assertThat(alone.of("10.9.9.9", only("X-Forwarded-For", "6.6.6.6"))).hasToString("6.6.6.6");
            assertThat(log.lines()).isEmpty();
            for (String header : new String[] {"Forwarded", "X-Forwarded-For"}) {
                assertThat(alone.of(peer, only(header, "6.6.6.6"))).hasToString(peer);
            }
            assertThat(log.lines())
                    .containsExactly("WARNING requests arrive through proxy " + peer
                            + ", which is not in GATEHOUSE_TRUSTED_PROXIES; all its clients count as one address");
        }
    }

    @Test
    void networksHaveTheConfiguredPrefix() {
        ClientAddressResolver wide = addresses(Map.of("GATEHOUSE_IPV6_PREFIX", "56"));
        assertThat(wide.of("2001:db8:1:2fff::1", name -> List.of()).ip()).isEqualTo("2001:db8:1:2f00::/56");
        assertThat(wide.parse("2001:db8:1:2fff::1").ip()).isEqualTo("2001:db8:1:2f00::/56");
        assertThat(BEHIND.parse("2001:db8:1:2fff::1").ip()).isEqualTo("2001:db8:1:2fff::/64");
        assertThatThrownBy(() -> wide.parse("example.org")).isInstanceOf(IllegalArgumentException.class);
    }

    private static ClientAddressResolver addresses(Map<String, String> settings) {
        return new ClientAddressResolver(
                ClientAddressSettings.from(new Config(List.of(ConfigSource.of("test", settings)))));
    }

    private static Function<String, List<String>> only(String name, String... values) {
        return headers(Map.of(name, List.of(values)));
    }

    private static Function<String, List<String>> headers(Map<String, List<String>> headers) {
        return name -> headers.getOrDefault(name, List.of());
    }

    @Test
    void remembersWhatItHasParsed() {
        assertThat(BEHIND.of("198.51.100.7", name -> List.of()))
                .isSameAs(BEHIND.of("198.51.100.7", name -> List.of("203.0.113.7")))
                .hasToString("198.51.100.7");
        ClientAddress client = BEHIND.of(PROXY, name -> List.of("6.6.6.6", "203.0.113.7"));
        assertThat(client).hasToString("203.0.113.7");
        assertThat(BEHIND.of(PROXY, name -> List.of("6.6.6.6", "203.0.113.7"))).isSameAs(client);
        assertThat(BEHIND.of(PROXY, name -> List.of("203.0.113.7", "6.6.6.6"))).hasToString("6.6.6.6");
        assertThat(BEHIND.of("10.0.0.2", name -> List.of("203.0.113.8"))).hasToString("203.0.113.8");
        assertThat(BEHIND.of(PROXY, name -> List.of())).hasToString(PROXY);
        assertThat(BEHIND.of("198.51.100.7", name -> List.of("6.6.6.6", "203.0.113.7")))
                .as("the same header of a peer that is not trusted")
                .hasToString("198.51.100.7");
    }

    @Test
    void doesNotRememberLongHeaders() {
        List<String> values = List.of("6.6.6.6,".repeat(100) + "203.0.113.7");
        ClientAddress client = BEHIND.of(PROXY, name -> values);
        assertThat(client).hasToString("203.0.113.7");
        assertThat(BEHIND.of(PROXY, name -> values)).isEqualTo(client).isNotSameAs(client);
        List<String> many = Collections.nCopies(1_000, "");
        assertThat(BEHIND.of(PROXY, name -> many)).isNotSameAs(BEHIND.of(PROXY, name -> many));
    }
}
