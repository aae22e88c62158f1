package io.gatehouse.internal.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Cases;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of tags and encryption. */
class KeyRingTest {
    private static final KeyRing RING = ring("a", "b");
    private static final byte[] CONTEXT = bytes("session");

    @Test
    void aTagVerifiesOnlyForItsKeyPurposeAndParts() {
        byte[] tag = RING.tag("a", KeyPurpose.TOKEN, bytes("app"), bytes("claims"));
        assertThat(RING.verifies("a", KeyPurpose.TOKEN, tag, bytes("app"), bytes("claims")))
                .isTrue();
        assertThat(RING.verifies("b", KeyPurpose.TOKEN, tag, bytes("app"), bytes("claims")))
                .isFalse();
        assertThat(RING.verifies("a", KeyPurpose.RECORD, tag, bytes("app"), bytes("claims")))
                .isFalse();
        assertThat(RING.verifies("a", KeyPurpose.TOKEN, tag, bytes("other"), bytes("claims")))
                .isFalse();
        assertThat(RING.verifies("c", KeyPurpose.TOKEN, tag, bytes("app"), bytes("claims")))
                .isFalse();
    }

    @Test
    void aTagDependsOnTheBordersBetweenParts() {
        byte[] tag = RING.tag("a", KeyPurpose.TOKEN, bytes("ab"), bytes("c"));
        assertThat(RING.verifies("a", KeyPurpose.TOKEN, tag, bytes("a"), bytes("bc")))
                .isFalse();
        assertThat(RING.verifies("a", KeyPurpose.TOKEN, tag, bytes("abc"))).isFalse();
        assertThat(RING.verifies("a", KeyPurpose.TOKEN, tag, bytes("ab"), bytes("c"), bytes("")))
                .isFalse();
    }

    @Test
    void sixteenBytesOfATagAreEnoughAndFifteenAreNot() {
        byte[] tag = RING.tag("a", KeyPurpose.VALUE, bytes("x"));
        assertThat(RING.verifies("a", KeyPurpose.VALUE, Arrays.copyOf(tag, 16), bytes("x")))
                .isTrue();
        assertThat(RING.verifies("a", KeyPurpose.VALUE, Arrays.copyOf(tag, 15), bytes("x")))
                .isFalse();
        assertThat(RING.verifies("a", KeyPurpose.VALUE, new byte[0], bytes("x")))
                .isFalse();
        assertThat(RING.verifies("a", KeyPurpose.VALUE, Arrays.copyOf(tag, 33), bytes("x")))
                .isFalse();
    }

    @Test
    void threadsComputeTagsIndependently() {
        byte[] expected = RING.tag("a", KeyPurpose.TOKEN, bytes("app"), bytes("claims"));
        assertThat(IntStream.range(0, 20_000)
                        .parallel()
                        .mapToObj(i -> RING.tag("a", KeyPurpose.TOKEN, bytes("app"), bytes("claims")))
                        .allMatch(tag -> Arrays.equals(tag, expected)))
                .isTrue();
    }

    /** Compares with golden values: if they change, all stored sessions and cookies become invalid. */
    @Test
    void derivesTheSameKeysAsEver() {
        KeyRing ring = new KeyRing(
                List.of(new SigningKey("k", bytes("0123456789abcdef0123456789abcdef"))), new SecureRandom());
        assertThat(HexFormat.of().formatHex(ring.tag("k", KeyPurpose.TOKEN, bytes("app"), bytes("v1"))))
                .isEqualTo("a38d87059b0a8c0109c9cdf1027a95b3a891ec8fd12b4ae977fc47cccc721ad2");
    }

    /** The test vectors of RFC 5869, appendix A.1 to A.3, cut to the length of a key. */
    @ParameterizedTest
    @CsvSource({
        "000102030405060708090a0b0c, 22x0b, f0f1f2f3f4f5f6f7f8f9,"
                + " 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        "60-af, 00-4f, b0-ff, b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        "32x00, 22x0b, '', 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
    })
    void derivesKeysAsTheRfcDoes(String salt, String secret, String info, String key) {
        assertThat(SigningKey.derive(octets(salt), octets(secret), octets(info)))
                .isEqualTo(octets(key));
    }

    /** Returns the bytes of hexadecimal digits, of a range {@code 60-af} or of a repetition {@code 22x0b}. */
    private static byte[] octets(String text) {
        if (text.contains("x")) {
            return octets(text.substring(text.indexOf('x') + 1)
                    .repeat(Integer.parseInt(text.substring(0, text.indexOf('x')))));
        }
        if (text.contains("-")) {
            return octets(IntStream.rangeClosed(
                            Integer.parseInt(text.substring(0, 2), 16), Integer.parseInt(text.substring(3), 16))
                    .mapToObj("%02x"::formatted)
                    .collect(Collectors.joining()));
        }
        return HexFormat.of().parseHex(text);
    }

    @Test
    void encryptedDataIsDecrypted() {
        Cases.seeded(2000, draws -> {
            byte[] plain = draws.bytes();
            byte[] associated = draws.bytes();
            byte[] sealed = RING.seal("a", CONTEXT, associated, plain);
            assertThat(RING.open("a", CONTEXT, associated, sealed)).isEqualTo(plain);
        });
    }

    @Test
    void rejectsCiphertextThatWasChangedOrMovedOrIsOfAnotherKey() {
        byte[] sealed = RING.seal("a", CONTEXT, bytes("v0"), bytes("secret"));
        assertThat(RING.open("b", CONTEXT, bytes("v0"), sealed)).isNull();
        assertThat(RING.open("c", CONTEXT, bytes("v0"), sealed)).isNull();
        assertThat(RING.open("a", bytes("other"), bytes("v0"), sealed)).isNull();
        assertThat(RING.open("a", CONTEXT, bytes("v1"), sealed)).isNull();
        assertThat(RING.open("a", CONTEXT, bytes("v0"), new byte[0])).isNull();
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(RING.open("a", CONTEXT, bytes("v0"), flipped))
                    .as("bit %d", bit)
                    .isNull();
        }
    }

    @Test
    void encryptsTheSameTextDifferentlyEachTime() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] sealed = RING.seal("a", CONTEXT, bytes("v0"), bytes("x"));
            assertThat(seen.add(HexFormat.of().formatHex(sealed, 0, 12))).isTrue();
        }
    }

    private static KeyRing ring(String... kids) {
        SecureRandom random = new SecureRandom();
        return new KeyRing(
                Arrays.stream(kids)
                        .map(kid -> {
                            byte[] secret = new byte[32];
                            random.nextBytes(secret);
                            return new SigningKey(kid, secret);
                        })
                        .toList(),
                random);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
