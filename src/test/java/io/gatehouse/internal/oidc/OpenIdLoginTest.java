package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users who log in by the OpenID mechanism of Jakarta Security, in an application that does not set {@code io.gatehouse.oidc.sid}. */
@RedisTest
class OpenIdLoginTest {
    private static final TestProvider PROVIDER = new TestProvider();
    private static LogoutApp one;
    private static LogoutApp two;

    @BeforeAll
    static void start(TestRedis redis) {
        one = new LogoutApp(redis, PROVIDER, Map.of());
        two = new LogoutApp(redis, PROVIDER, Map.of());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    private static void logOut(String sid) {
        assertThat(two.backChannel(
                                PROVIDER.token(claims -> claims.subject("alice").claim("sid", sid)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void endsTheSessionOfAProviderSessionThatTheApplicationHasNotNamed() {
        try (OpenIdMechanism mechanism = new OpenIdMechanism(TestProvider.ISSUER)) {
            mechanism.sid("s1");
            Browser laptop = one.containerLogin("alice");
            mechanism.sid("s2");
            Browser phone = one.containerLogin("alice");
            logOut("s1");
            for (LogoutApp node : new LogoutApp[] {one, two}) {
                assertThat(node.who(laptop)).isEqualTo("no session");
                assertThat(node.who(phone)).isEqualTo("alice");
            }
        }
    }

    @Test
    void readsItOnceForEachLogin() {
        try (OpenIdMechanism mechanism = new OpenIdMechanism(TestProvider.ISSUER)) {
            mechanism.sid("s1");
            Browser browser = one.containerLogin("alice");
            mechanism.sid("s2");
            assertThat(two.who(browser)).isEqualTo("alice");
            logOut("s2");
            assertThat(two.who(browser)).isEqualTo("alice");
            logOut("s1");
            assertThat(two.who(browser)).isEqualTo("no session");
        }
    }

    @Test
    void ignoresTheSessionOfAnotherProvider() {
        try (OpenIdMechanism mechanism = new OpenIdMechanism("https://other.example.com")) {
            Browser browser = login(mechanism.sid("s1"));
            logOut("s1");
            assertThat(two.who(browser)).isEqualTo("alice");
        }
    }

    @Test
    void aLoginSucceedsWithoutASid() {
        try (OpenIdMechanism mechanism = new OpenIdMechanism(TestProvider.ISSUER)) {
            assertThat(two.who(login(mechanism.sid(null)))).isEqualTo("alice");
            assertThat(two.who(login(mechanism.sid("s".repeat(5000))))).isEqualTo("alice");
            mechanism.withoutToken();
            assertThat(two.who(login(mechanism))).isEqualTo("alice");
            mechanism.unavailable();
            assertThat(two.who(login(mechanism))).isEqualTo("alice");
        }
        assertThat(two.who(one.containerLogin("alice"))).isEqualTo("alice");
    }

    /** The mechanism is active meanwhile. */
    private static Browser login(OpenIdMechanism mechanism) {
        assertThat(mechanism).isNotNull();
        return one.containerLogin("alice");
    }
}
