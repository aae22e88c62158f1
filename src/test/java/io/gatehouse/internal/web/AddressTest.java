package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** The client address of a session, with and without a proxy. */
@RedisTest
class AddressTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @Test
    void theClientAddressComesFromTheHeaderOfATrustedProxy() {
        App.Builder app = app().set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8");
        assertThat(addressAfter(app, "X-Forwarded-For", "6.6.6.6, 2001:DB8:0::7", "10.0.0.2"))
                .isEqualTo("2001:db8::7");
        assertThat(addressAfter(app, "Forwarded", "for=6.6.6.6")).isEqualTo("127.0.0.1");
    }

    @Test
    void theClientAddressComesFromTheForwardedHeaderIfConfigured() {
        App.Builder app =
                app().set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1").set("GATEHOUSE_FORWARDED_HEADER", "forwarded");
        assertThat(addressAfter(app, "Forwarded", "for=6.6.6.6", "for=\"[::ffff:203.0.113.7]:4711\""))
                .isEqualTo("203.0.113.7");
    }

    @Test
    void theClientAddressIsThePeerWithoutTrustedProxies() {
        assertThat(addressAfter(app(), "X-Forwarded-For", "6.6.6.6")).isEqualTo("127.0.0.1");
        assertThat(addressAfter(app().set("GATEHOUSE_TRUSTED_PROXIES", "10.0.0.0/8"), "X-Forwarded-For", "6.6.6.6"))
                .isEqualTo("127.0.0.1");
    }

    private static App.Builder app() {
        return App.with(REDIS.url())
                .on("/login", (request, response) -> request.getSession().setAttribute(Session.USER_ATTRIBUTE, "ada"));
    }

    /** Returns the address in the list of sessions, after a request with these headers has created a session. */
    private static String addressAfter(App.Builder builder, String header, String... values) {
        REDIS.flush();
        try (App app = builder.start()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(app.url("/login"))).GET();
            for (String value : values) {
                request.header(header, value);
            }
            assertThat(new Browser().send(request).status()).isEqualTo(200);
            return app.gatehouse().sessionManager().getUserSessions("ada").stream()
                    .map(SessionInfo::address)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
