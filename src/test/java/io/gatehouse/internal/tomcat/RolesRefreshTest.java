package io.gatehouse.internal.tomcat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.realm.GenericPrincipal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the roles of a logged-in user are read again, as {@code GATEHOUSE_SESSION_ROLES_REFRESH} says. */
@RedisTest
class RolesRefreshTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Browser browser = new Browser();
    private final Accounts accounts = new Accounts();

    /** A realm in which an account can change. */
    private static final class Accounts extends ServerUsers.Everybody {
        private final AtomicInteger lookups = new AtomicInteger();
        private volatile @Nullable List<String> roles = List.of("member");
        private volatile List<String> more = List.of();

        /** Called with and without a password. */
        @Override
        protected @Nullable Principal getPrincipal(String user) {
            lookups.incrementAndGet();
            List<String> known = roles;
            return known == null ? null : new GenericPrincipal(user, known);
        }

        @Override
        public @Nullable Principal authenticate(String user, String password) {
            Principal found = super.authenticate(user, password);
            return found == null || more.isEmpty() ? found : new GenericPrincipal(user, more);
        }
    }

    private App start(String refresh) {
        return ServerUsers.basic(REDIS.url())
                .set("GATEHOUSE_SESSION_ROLES_REFRESH", refresh)
                .customize(context -> context.setRealm(accounts))
                .start();
    }

    private void logIn(App app) {
        browser.get(app.url("/make"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url("/member/who")))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("alice:alice".getBytes(UTF_8)));
        assertThat(browser.send(request).body()).startsWith("alice true");
    }

    @Test
    void newRolesAreKnownAfterTheTimeWithoutALogin() {
        try (App app = start("1s")) {
            logIn(app);
            accounts.roles = List.of("member", "boss");
            Eventually.within(
                    SOON,
                    () -> assertThat(browser.get(app.url("/member/who")).body()).isEqualTo("alice true true BASIC"));
            accounts.roles = List.of("boss");
            Eventually.within(
                    SOON,
                    () -> assertThat(browser.get(app.url("/member/who")).status())
                            .isEqualTo(403));
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }

    @Test
    void aRemovedAccountIsNotAcceptedAfterTheTime() {
        try (App app = start("1s")) {
            logIn(app);
            accounts.roles = null;
            Eventually.within(
                    SOON,
                    () -> assertThat(browser.get(app.url("/member/who")).status())
                            .isEqualTo(401));
            accounts.roles = List.of("member");
            assertThat(browser.get(app.url("/member/who")).status()).isEqualTo(401);
            logIn(app);
        }
    }

    /** Such as those of an authentication module: the realm may have another account of the same name. */
    @Test
    void rolesThatTheRealmDoesNotNameRequireALogin() {
        accounts.more = List.of("member", "boss");
        try (App app = start("1s")) {
            logIn(app);
            Eventually.within(
                    SOON,
                    () -> assertThat(browser.get(app.url("/member/who")).status())
                            .isEqualTo(401));
        }
    }

    @Test
    void withoutTheSettingTheRealmIsAskedAtTheLoginOnly() {
        try (App app = start("0")) {
            logIn(app);
            assertThat(accounts.lookups).hasValue(1);
            accounts.roles = List.of();
            assertThat(browser.get(app.url("/member/who")).body()).isEqualTo("alice true false BASIC");
            assertThat(accounts.lookups).hasValue(1);
        }
    }
}
