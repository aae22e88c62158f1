package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.login.DeviceCookies.Device;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests of device cookies. */
class DeviceCookiesTest {
    private static final Duration LIFETIME = Duration.ofDays(180);
    private static final long NOW = 1_700_000_000;
    private static final String DEVICE = "AAECAwQFBgcICQoL";
    private static final byte[] ALICE = AccountName.exact("alice");
    private static final String NEW_KEY = "n2:" + App.randomKey();
    private static final Path GOLDEN = Path.of("src/test/resources/wire/v2");

    private static DeviceCookies cookies(KeyRing ring, String application, long now) {
        LoginKeys names = new LoginKeys(ring, "gatehouse", application);
        return new DeviceCookies(ring, names, application, LIFETIME, LoginNode.at(now));
    }

    private static DeviceCookies at(long now) {
        return cookies(Keys.ring(LoginNode.KEY), "app", now);
    }

    private static String genuine() {
        return String.valueOf(at(NOW).write(ALICE, DEVICE));
    }

    @Nullable
    private static Device read(@Nullable String text) {
        return at(NOW).read(text, ALICE);
    }

    @Test
    void aDeviceCookieOfThisApplicationIsAccepted() {
        assertThat(read(genuine())).isEqualTo(new Device(DEVICE, false));
    }

    @Test
    void aCookieWithAChangedCharacterIsRejected() {
        String genuine = genuine();
        for (int i = 0; i < genuine.length(); i++) {
            for (char c : new char[] {'A', '.', '0', 'é', '\u0000', '='}) {
                String forged = genuine.substring(0, i) + c + genuine.substring(i + 1);
                assertThat(forged.equals(genuine) || read(forged) == null)
                        .as(forged)
                        .isTrue();
            }
            assertThat(read(genuine.substring(0, i))).isNull();
        }
        assertThat(read(genuine + "A")).isNull();
        assertThat(read(genuine + "=")).isNull();
        assertThat(read("x".repeat(1_000_000))).isNull();
        assertThat(read(null)).isNull();
        assertThat(read("")).isNull();
    }

    @Test
    void aCookieOfAnotherAccountApplicationOrKeyIsRejected() {
        assertThat(at(NOW).read(genuine(), AccountName.exact("bob"))).isNull();
        assertThat(cookies(Keys.ring(LoginNode.KEY), "other", NOW).read(genuine(), ALICE))
                .isNull();
        assertThat(cookies(Keys.ring("n1:" + App.randomKey()), "app", NOW).read(genuine(), ALICE))
                .isNull();
        assertThat(cookies(Keys.ring(NEW_KEY), "app", NOW).read(genuine(), ALICE))
                .isNull();
    }

    @Test
    void aCookieIsValidUntilItExpiresAndIsRenewedInItsSecondHalf() {
        long end = NOW + LIFETIME.toSeconds();
        assertThat(at(NOW + LIFETIME.toSeconds() / 2).read(genuine(), ALICE)).isEqualTo(new Device(DEVICE, false));
        assertThat(at(end - 1).read(genuine(), ALICE)).isEqualTo(new Device(DEVICE, true));
        assertThat(at(end).read(genuine(), ALICE)).isNull();
    }

    @Test
    void aCookieOfThePreviousKeyIsAcceptedAndRenewed() {
        DeviceCookies rotated = cookies(Keys.ring(NEW_KEY + "," + LoginNode.KEY), "app", NOW);
        assertThat(rotated.read(genuine(), ALICE)).isEqualTo(new Device(DEVICE, true));
    }

    @Test
    void noCookieIsWrittenIfTheLifetimeIsZero() {
        KeyRing ring = Keys.ring(LoginNode.KEY);
        LoginKeys names = new LoginKeys(ring, "gatehouse", "app");
        DeviceCookies none = new DeviceCookies(ring, names, "app", Duration.ZERO, LoginNode.at(NOW));
        assertThat(none.write(ALICE, DEVICE)).isNull();
        assertThat(none.read(genuine(), ALICE)).isNull();
    }

    @Test
    void aCookieOfVersion1IsRejectedBecauseItCoversAllSpellings() throws IOException {
        Path before = Path.of("src/test/resources/wire/v1/device.txt");
        assertThat(at(NOW).read(Files.readString(before).strip(), AccountName.exact("alice")))
                .isNull();
        assertThat(at(NOW).read(Files.readString(before).strip(), AccountName.fold("alice")))
                .isNull();
    }

    @Test
    void aCookieIsValidForOneSpellingOnly() {
        assertThat(at(NOW).read(genuine(), AccountName.exact("Alice"))).isNull();
    }

    @Test
    void cookiesAndKeysOfVersion2StayReadable() throws IOException {
        assertThat(read(Files.readString(GOLDEN.resolve("device.txt")).strip())).isEqualTo(new Device(DEVICE, false));
        assertThat(Files.readString(GOLDEN.resolve("login-keys.txt"))).isEqualTo(keys());
    }

    private static String keys() {
        LoginKeys names = new LoginKeys(Keys.ring(LoginNode.KEY), "gatehouse", "app");
        String account = names.account("n1", AccountName.fold("alice"));
        return "lane " + text(names.failures(account)) + "\nnetworks " + text(names.networks(account)) + "\ndevice "
                + text(names.deviceFailures(account, DEVICE)) + "\naccounts "
                + text(names.accounts(names.address("10.0.0.1")))
                + "\n";
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Creates the golden files; run manually once. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(GOLDEN.resolve("device.txt"), genuine() + "\n");
        Files.writeString(GOLDEN.resolve("login-keys.txt"), keys());
    }
}
