package io.gatehouse.internal.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import io.undertow.security.impl.BasicAuthenticationMechanism;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.LoginConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Login protection in front of an embedded Undertow; each user's password is the name. */
@RedisTest
class UndertowLoginTest {
    private final TestRedis redis;
    private final Browser browser = new Browser();

    UndertowLoginTest(TestRedis redis) {
        this.redis = redis;
    }

    @BeforeEach
    void forgetFailures() {
        redis.flush();
    }

    private UndertowApp app(UndertowApp.DeploymentCustomizer customizer) {
        return new UndertowApp(
                Map.of(
                        "REDIS_SESSION_URL",
                        redis.url(),
                        "REDIS_RATE_LIMIT_URL",
                        redis.url(),
                        "GATEHOUSE_LOGIN_FREE_FAILURES",
                        "1"),
                (request, response) -> {
                    if (String.valueOf(request.getPathInfo()).equals("/error")) {
                        response.setStatus(200);
                    }
                    response.getWriter().print(request.getRemoteUser());
                },
                customizer);
    }

    private static void basic(DeploymentInfo info) {
        info.setLoginConfig(new LoginConfig("BASIC", "members"))
                .setIdentityManager(new Everybody())
                .addSecurityConstraint(Servlets.securityConstraint()
                        .addWebResourceCollection(
                                Servlets.webResourceCollection().addUrlPattern("/member/*"))
                        .addRoleAllowed("member"));
    }

    private HttpRequest.Builder basic(UndertowApp app, String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(app.url("/member/page"))).header("Authorization", "Basic " + pair);
    }

    @Test
    void countsTheHeaderThatTheServerReads() {
        try (UndertowApp app = app(UndertowLoginTest::basic)) {
            HttpRequest.Builder guess = HttpRequest.newBuilder(URI.create(app.url("/member/page")))
                    .header("Authorization", "Bearer token")
                    .header("Authorization", "Basic YWxpY2U6bm8=");
            assertThat(browser.send(guess).status()).isEqualTo(401);
            assertThat(browser.send(guess).status()).isEqualTo(429);
            assertThat(browser.send(basic(app, "bob", "bob")).body()).isEqualTo("bob");
        }
    }

    @Test
    void countsTheHeadersOfEveryKindOfDigest() {
        try (UndertowApp app = app(info -> {
            basic(info);
            info.setLoginConfig(new LoginConfig("DIGEST-SHA-256", "members"))
                    .addAuthenticationMechanism("DIGEST-SHA-256", BasicAuthenticationMechanism.FACTORY);
        })) {
            assertThat(browser.send(basic(app, "alice", "no")).status()).isEqualTo(401);
            assertThat(browser.send(basic(app, "alice", "no")).status()).isEqualTo(429);
        }
    }

    @Test
    void countsAFailureThatAnErrorPageHides() {
        try (UndertowApp app = app(info -> {
            basic(info);
            info.addErrorPage(Servlets.errorPage("/error", 401));
        })) {
            assertThat(browser.send(basic(app, "alice", "no")).status()).isEqualTo(200);
            assertThat(browser.send(basic(app, "alice", "no")).status()).isEqualTo(429);
        }
    }

    /** WildFly decodes the whole path before it looks for the form. */
    @Test
    void countsTheFormInAnEncodedPath() {
        try (UndertowApp app = app(info -> {})) {
            String form = "j_username=alice&j_password=no";
            assertThat(browser.post(app.url("/x%2Fj_security_check"), form).status())
                    .isEqualTo(200);
            assertThat(browser.post(app.url("/y;z=%2Fj_security_check"), form).status())
                    .isEqualTo(429);
        }
    }

    private static final class Everybody implements IdentityManager {
        @Override
        public Account verify(Account account) {
            return account;
        }

        @Override
        public @Nullable Account verify(String user, Credential credential) {
            return credential instanceof PasswordCredential typed && user.equals(new String(typed.getPassword()))
                    ? new Member(user)
                    : null;
        }

        @Override
        public @Nullable Account verify(Credential credential) {
            return null;
        }
    }

    private record Member(String name) implements Account, Principal {
        @Override
        public Principal getPrincipal() {
            return this;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public Set<String> getRoles() {
            return Set.of("member");
        }
    }
}
