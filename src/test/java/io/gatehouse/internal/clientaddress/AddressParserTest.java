package io.gatehouse.internal.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.Draws;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares addresses and networks with a library that knows every notation, for texts that are nearly addresses. */
class AddressParserTest {
    private static final List<String> PARTS = List.of(
            "::",
            ":",
            ":",
            ":",
            ".",
            "0",
            "1",
            "00",
            "ffff",
            "FFFF",
            "64:ff9b",
            "2002",
            "2001",
            "0db8",
            "abc",
            "10000",
            "192.0.2.1",
            "10.0.0.0",
            "255.255.255.255",
            "256.1.1.1",
            "01.2.3.4",
            "0:0:0",
            "::ffff:",
            "1:2:3:4:5:6:7");
    private static final IPAddressStringParameters STRICT = strict();

    @Test
    void acceptsTheTextsThatTheLibraryAccepts() {
        Cases.seeded(20_000, draws -> {
            String text = text(draws);
            IPAddress expected = address(text);
            Optional<IpAddress> parsed = AddressParser.address(text);
            if (expected == null) {
                assertThat(parsed).as(text).isEmpty();
                return;
            }
            IPAddress unmapped = expected.isIPv6() && expected.toIPv6().isIPv4Mapped()
                    ? expected.toIPv6().getEmbeddedIPv4Address()
                    : expected;
            assertThat(parsed.map(IpAddress::toString)).as(text).contains(unmapped.toCanonicalString());
        });
    }

    @Test
    void writesAndCutsAddressesAsTheLibraryDoes() {
        Cases.seeded(5_000, draws -> {
            long high = draws.wholeLong() & mask(draws);
            long low = draws.wholeLong() & mask(draws);
            IpAddress six = IpAddress.ofIPv6(high, low);
            IPAddress expected = new inet.ipaddr.ipv6.IPv6Address(high, low);
            assertThat(six).hasToString(expected.toCanonicalString());
            assertThat(AddressParser.network(six + "/128"))
                    .contains(new Network(unmapped(six), unmapped(six).length()));
            int prefix = draws.below(129);
            assertThat(six.first(prefix)).hasToString(lowest(expected, prefix));
            assertThat(Network.of(six, prefix)).hasToString(block(expected, prefix));
            IpAddress four = IpAddress.ofIPv4(low);
            IPAddress dotted = new inet.ipaddr.ipv4.IPv4Address((int) low);
            assertThat(four).hasToString(dotted.toCanonicalString());
            assertThat(four.first(prefix / 4)).hasToString(lowest(dotted, prefix / 4));
            assertThat(Network.of(four, prefix / 4)).hasToString(block(dotted, prefix / 4));
        });
    }

    private static IpAddress unmapped(IpAddress six) {
        return AddressParser.address(six.toString()).orElseThrow();
    }

    private static String lowest(IPAddress address, int prefix) {
        return address.toPrefixBlock(prefix).getLower().withoutPrefixLength().toCanonicalString();
    }

    private static String block(IPAddress address, int prefix) {
        return prefix == address.getBitCount()
                ? address.toCanonicalString()
                : address.toPrefixBlock(prefix).toCanonicalString();
    }

    /** Returns a mask that clears some groups, so that there are runs of zeros. */
    private static long mask(Draws draws) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask = mask << 16 | (draws.below(3) == 0 ? 0 : 0xffff);
        }
        return mask;
    }

    private static String text(Draws draws) {
        return String.join(draws.flag() ? ":" : "", draws.list(9, () -> draws.of(PARTS)));
    }

    private static @Nullable IPAddress address(String text) {
        return text.matches("[0-9A-Fa-f.:]{2,45}") ? new IPAddressString(text, STRICT).getAddress() : null;
    }

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder options = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allow_inet_aton(false);
        options.getIPv4AddressParametersBuilder().allowLeadingZeros(false).allowBinary(false);
        options.getIPv6AddressParametersBuilder()
                .allow_mixed_inet_aton(false)
                .allowBase85(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false)
                .getEmbeddedIPv4AddressParametersBuilder()
                .allowLeadingZeros(false)
                .allowBinary(false);
        return options.toParams();
    }
}
