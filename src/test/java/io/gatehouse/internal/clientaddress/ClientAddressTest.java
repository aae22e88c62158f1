package io.gatehouse.internal.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Cases;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of address notations and of the prefixes that clients count by. */
class ClientAddressTest {

    @ParameterizedTest
    @CsvSource({
        // notation, canonical form
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "0:0:0:0:0:FFFF:C000:0201, 192.0.2.1",
        "::ffff:192.0.2.1%eth0, 192.0.2.1",
        "::192.0.2.1, 192.0.2.1",
        "::c000:201, 192.0.2.1",
        "64:ff9b::192.0.2.1, 192.0.2.1",
        "64:FF9B::C000:201, 192.0.2.1",
        "::ffff:0:192.0.2.1, 192.0.2.1",
        "2002:c000:201::, 192.0.2.1",
        "2002:c000:201:1:2:3:4:5, 192.0.2.1",
        "2001:0:4136:e378:8000:63bf:3fff:fdfe, 192.0.2.1",
        // embeds no IPv4 address, though it may look so
        "2001:db8:1234:5678::192.0.2.1, 2001:db8:1234:5678::c000:201",
        "fe80::5efe:192.0.2.1, fe80::5efe:c000:201",
        "64:ff9b:1::192.0.2.1, 64:ff9b:1::c000:201",
        "::fffe:192.0.2.1, ::fffe:c000:201",
        "::1, ::1",
        "::, ::",
        // RFC 5952
        "2001:DB8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "fe80::1%eth0, fe80::1",
        "fe80::1%25eth0.100, fe80::1",
        "fe80:0:0:0:0:0:0:1%2, fe80::1",
    })
    void parsesEveryNotationOfAnAddress(String written, String known) {
        assertThat(ClientAddress.parse(written)).hasToString(known).isEqualTo(ClientAddress.parse(known));
        assertThat(ClientAddress.parse(written).hashCode())
                .isEqualTo(ClientAddress.parse(known).hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "192.0.2.1 ",
                " 192.0.2.1",
                "192.0.2.1\n",
                "192.0.2.1\0",
                "192.0.2.1:80",
                "[::1]",
                "\"192.0.2.1\"",
                "010.0.0.1",
                "10.0.0.01",
                "10.0.0.00",
                "0x7f.1",
                "0x7f.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0b1.0.0.1",
                "256.0.0.1",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.*",
                "1.2.3.4-5",
                "1.2.3.4/24",
                "2001:db8::/32",
                "1.2.3.4%eth0",
                "1.2.3.\u0664",
                "::ffff:010.0.0.1",
                "::ffff:1.2.3",
                "::ffff:0x1.2.3.4",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "::00001",
                "12345::",
                "::g",
                "::0x1",
                ":1",
                ":::",
                "fe80::1%",
                "fe80::1%a b",
                "fe80::1%eth0/64",
                "fe80::1%012345678901234567890123456789012",
                "fe80::1\u00a7eth0",
                "fe80--1.ipv6-literal.net",
                "4)+k&C#VzJ4br>0wv%Yp",
                "*",
                "-",
                "unknown",
                "_hidden",
                "localhost",
                "cafe.de",
                "dead.beef",
                "example.org",
            })
    void rejectsAmbiguousNotations(String text) {
        assertThatThrownBy(() -> ClientAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an IPv4 address in four decimal numbers, or an IPv6 address");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 64, 192.0.2.1, 192.0.2.0/24",
        "192.0.2.1, 32, 192.0.2.1, 192.0.2.0/24",
        "::ffff:c000:201, 64, 192.0.2.1, 192.0.2.0/24",
        "2001:db8:1:2:3:4:5:6, 64, 2001:db8:1:2::/64, 2001:db8:1::/48",
        "2001:db8:1:2fff:3:4:5:6, 56, 2001:db8:1:2f00::/56, 2001:db8:1::/48",
        "2001:db8:1:2:3:4:5:6, 48, 2001:db8:1::/48, 2001:db8:1::/48",
        "2001:db8:1:2:3:4:5:6, 32, 2001:db8::/32, 2001:db8::/32",
        "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6, 2001:db8:1::/48",
        "::1, 64, ::/64, ::/48",
    })
    void countsByTheConfiguredPrefix(String text, int prefix, String ip, String network) {
        ClientAddress address = ClientAddress.parse(text, prefix);
        assertThat(address.ip()).isEqualTo(ip);
        assertThat(address.network()).isEqualTo(network);
    }

    @Test
    void countsByTheFirstSixtyFourBitsByDefault() {
        ClientAddress address = ClientAddress.parse("2001:db8:1:2:3:4:5:6");
        assertThat(address).isEqualTo(ClientAddress.parse("2001:db8:1:2:3:4:5:6", 64));
        assertThat(address).isNotEqualTo(ClientAddress.parse("2001:db8:1:2:3:4:5:6", 56));
    }

    @Test
    void twoIpv4AddressesNeverCountAsOneHoweverTheyAreEmbedded() {
        Cases.seeded(1500, draws -> neverCountAsOne(draws.wholeInt(), draws.wholeInt()));
    }

    private static void neverCountAsOne(int one, int two) {
        String plain = dotted(one);
        for (String carried : new String[] {
            "::ffff:" + plain,
            "::ffff:" + hex(one),
            "64:ff9b::" + plain,
            "64:ff9b::" + hex(one),
            "::ffff:0:" + plain,
            "2002:" + hex(one) + ":9:8:7:6:5",
            "2001:0:1:2:3:4:" + hex(~one),
        }) {
            assertThat(ClientAddress.parse(carried)).as(carried).isEqualTo(ClientAddress.parse(plain));
            assertThat(ClientAddress.parse(carried).ip()).as(carried).isEqualTo(plain);
        }
        assertThat(ClientAddress.parse(dotted(two)).ip().equals(plain)).isEqualTo(one == two);
    }

    @Test
    void allNotationsOfAnAddressAreEqual() {
        Cases.seeded(1500, draws -> isOneAddressInEverySpelling(draws.wholeLong(), draws.wholeLong()));
    }

    private static void isOneAddressInEverySpelling(long high, long low) {
        ClientAddress address = ClientAddress.parse(written(high, low, "%x"));
        String mixed = written(high, low, "%x").replaceFirst(":[^:]+:[^:]+$", ":" + dotted((int) low));
        for (String spelling : new String[] {
            written(high, low, "%04x"),
            written(high, low, "%X"),
            written(high, low, "%04X"),
            written(high, low, "%x") + "%eth0",
            mixed,
            address.toString(),
        }) {
            assertThat(ClientAddress.parse(spelling)).as(spelling).isEqualTo(address);
            assertThat(ClientAddress.parse(spelling)).as(spelling).hasToString(address.toString());
        }
    }

    @Test
    void aClientThatRotatesItsIpv6AddressCountsAsOne() {
        Cases.seeded(1500, draws -> isStillOne(draws.wholeLong(), draws.wholeLong(), draws.wholeLong()));
    }

    private static void isStillOne(long high, long low, long rotated) {
        long global = (high & 0x0fff_ffff_ffff_ffffL) | 0x3000_0000_0000_0000L; // 3000::/4 carries nothing
        ClientAddress before = ClientAddress.parse(written(global, low, "%x"));
        assertThat(ClientAddress.parse(written(global, rotated, "%x")).ip()).isEqualTo(before.ip());
        assertThat(ClientAddress.parse(written(global ^ 1, low, "%x")).ip()).isNotEqualTo(before.ip());
        assertThat(ClientAddress.parse(written(global ^ 0xffff, rotated, "%x")).network())
                .isEqualTo(before.network());
    }

    @Test
    void anyTextIsEitherParsedOrRejected() {
        Cases.seeded(2000, draws -> {
            String text = draws.text();
            assertThat(AddressParser.address(text)).isNotNull();
            assertThat(AddressParser.node(text)).isNotNull();
            assertThat(AddressParser.network(text)).isNotNull();
        });
    }

    private static String dotted(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    private static String hex(int bits) {
        return String.format(Locale.ROOT, "%x:%x", bits >>> 16, bits & 0xffff);
    }

    private static String written(long high, long low, String format) {
        return IntStream.range(0, 8)
                .mapToObj(i -> String.format(Locale.ROOT, format, (i < 4 ? high : low) >>> (48 - i % 4 * 16) & 0xffff))
                .collect(Collectors.joining(":"));
    }
}
