package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The CORS headers of responses that Gatehouse writes itself. */
@RedisTest
class CorsPolicyTest {
    private static final String ORIGIN = "https://app.example.com";
    private static final String ONE_A_DAY = "page.match = /page\npage.level = ip\npage.limit = 1/day";
    private static final TestRedis REDIS = TestRedis.shared();

    private static App.Builder app(String rules, String... settings) {
        App.Builder builder = App.with(REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", rules)
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .on("/page", (request, response) -> response.getWriter().print("page"))
                .on("/make", (request, response) -> {
                    response.setHeader("Access-Control-Allow-Origin", "https://by.the.application");
                    response.addHeader("Vary", "Origin");
                    request.getSession();
                });
        for (int i = 0; i < settings.length; i += 2) {
            builder.set("GATEHOUSE_CORS_" + settings[i], settings[i + 1]);
        }
        return builder;
    }

    private static Answer send(App app, String method, String path, @Nullable String origin, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(app.url(path))).method(method, BodyPublishers.noBody());
        if (origin != null) {
            request.header("Origin", origin);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Browser().send(request);
    }

    private static Answer preflight(App app, String... more) {
        String[] headers = new String[more.length + 2];
        System.arraycopy(more, 0, headers, 0, more.length);
        headers[more.length] = "Access-Control-Request-Method";
        headers[more.length + 1] = "GET";
        return send(app, "OPTIONS", "/page", ORIGIN, headers);
    }

    /** Columns: policy, credentials, origin of the request; then the headers of the response. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-|False|https://app.example.com|-|-|-|-",
                "-|False|-|-|-|-|-",
                "*|False|https://app.example.com|*|-|Retry-After, RateLimit, RateLimit-Policy|-",
                "*|False|null|*|-|Retry-After, RateLimit, RateLimit-Policy|-",
                "*|False|-|-|-|-|-",
                "https://a.example,https://app.example.com|False|https://app.example.com|https://app.example.com|-|Retry-After, RateLimit, RateLimit-Policy|Origin",
                "https://a.example,https://app.example.com|True|https://app.example.com|https://app.example.com|true|Retry-After, RateLimit, RateLimit-Policy|Origin",
                "https://app.example.com|True|https://app.example.com.evil.example|-|-|-|Origin",
                "https://app.example.com|True|http://app.example.com|-|-|-|Origin",
                "https://app.example.com|True|https://app.example.com:8443|-|-|-|Origin",
                "https://app.example.com|True|null|-|-|-|Origin",
                "https://app.example.com|True|*|-|-|-|Origin",
                "https://app.example.com|True|-|-|-|-|Origin",
            })
    void aRefusalCarriesTheFieldsOfThePolicy(
            @Nullable String policy,
            String credentials,
            @Nullable String origin,
            @Nullable String allowed,
            @Nullable String withCredentials,
            @Nullable String exposed,
            @Nullable String vary) {
        App.Builder builder = app(ONE_A_DAY, "ALLOW_CREDENTIALS", credentials);
        if (policy != null) {
            builder.set("GATEHOUSE_CORS_ALLOWED_ORIGINS", policy);
        }
        try (App app = builder.start()) {
            assertThat(send(app, "GET", "/page", origin).status()).isEqualTo(200);
            Answer refused = send(app, "GET", "/page", origin);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(allowed);
            assertThat(refused.header("Access-Control-Allow-Credentials")).isEqualTo(withCredentials);
            assertThat(refused.header("Access-Control-Expose-Headers")).isEqualTo(exposed);
            assertThat(refused.header("Vary")).isEqualTo(vary);
        }
    }

    @Test
    void replacesTheCorsHeadersOfTheApplication() {
        try (App app = app("s.level = ip\ns.counts = sessions\ns.limit = 1/day", "ALLOWED_ORIGINS", ORIGIN)
                .start()) {
            assertThat(send(app, "GET", "/make", ORIGIN).status()).isEqualTo(200);
            Answer refused = send(app, "GET", "/make", ORIGIN);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers().get("access-control-allow-origin")).containsExactly(ORIGIN);
            assertThat(refused.headers().get("vary")).containsExactly("Origin");
        }
    }

    @Test
    void aServiceUnavailableResponseCarriesCorsHeaders() {
        try (App app = app(ONE_A_DAY + "\npage.on-redis-failure = closed", "ALLOWED_ORIGINS", ORIGIN)
                .set("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:1/0")
                .start()) {
            Answer closed = send(app, "GET", "/page", ORIGIN);
            assertThat(closed.status()).isEqualTo(503);
            assertThat(closed.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
        }
        try (App app = app("none", "ALLOWED_ORIGINS", ORIGIN, "EXPOSED_HEADERS", "Retry-After, X-Mine")
                .set("REDIS_SESSION_URL", "redis://127.0.0.1:1/0")
                .start()) {
            Answer away = send(app, "GET", "/make", ORIGIN);
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.header("Retry-After")).isEqualTo("2");
            assertThat(away.headers().get("access-control-allow-origin")).containsExactly(ORIGIN);
            assertThat(away.header("Access-Control-Expose-Headers")).isEqualTo("Retry-After, X-Mine");
            assertThat(away.header("Vary")).isEqualTo("Origin");
        }
    }

    @Test
    void doesNotChargeAPreflight() {
        try (App app = app(ONE_A_DAY + "\ndeny = 198.51.100.7", "ALLOWED_ORIGINS", ORIGIN)
                .start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(preflight(app).status()).isEqualTo(200);
            }
            assertThat(send(app, "GET", "/page", ORIGIN).status()).isEqualTo(200);
            assertThat(preflight(app).status()).as("the quota is exhausted").isEqualTo(200);
            assertThat(preflight(app, "X-Forwarded-For", "198.51.100.7").status())
                    .as("a denied address")
                    .isEqualTo(403);
            assertThat(send(app, "OPTIONS", "/page", ORIGIN).status())
                    .as("not a preflight: without Access-Control-Request-Method")
                    .isEqualTo(429);
            assertThat(send(app, "OPTIONS", "/page", null, "Access-Control-Request-Method", "GET")
                            .status())
                    .as("not a preflight: without Origin")
                    .isEqualTo(429);
            assertThat(send(app, "GET", "/page", ORIGIN, "Access-Control-Request-Method", "GET")
                            .status())
                    .as("not a preflight: another method")
                    .isEqualTo(429);
        }
    }

    @Test
    void chargesAPreflightWithoutAPolicy() {
        try (App app = app(ONE_A_DAY).start()) {
            assertThat(preflight(app).status()).isEqualTo(200);
            Answer refused = preflight(app);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Vary")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALLOWED_ORIGINS=https://a.example/|origins in lower case without a path",
                "ALLOWED_ORIGINS=a.example|origins in lower case without a path",
                "ALLOWED_ORIGINS=HTTPS://A.example|origins in lower case without a path",
                "ALLOWED_ORIGINS=https://*.example|origins in lower case without a path",
                "ALLOWED_ORIGINS=https://a.example:0|origins in lower case without a path",
                "ALLOWED_ORIGINS=null|origins in lower case without a path",
                "ALLOWED_ORIGINS=*,https://a.example|* alone, or origins without *",
                "ALLOWED_ORIGINS=*;ALLOW_CREDENTIALS=true|browsers reject this combination",
                "ALLOW_CREDENTIALS=true|False if GATEHOUSE_CORS_ALLOWED_ORIGINS is not set",
                "ALLOWED_ORIGINS=*;EXPOSED_HEADERS=a b|header names separated by commas",
            })
    void reportsInvalidSettings(String settings, String expected) {
        Config config = config(settings);
        CorsPolicy unused = CorsPolicy.from(config);
        assertThatThrownBy(config::throwIfBroken)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({"https://a.example", "http://localhost:3000", "https://[2001:db8::1]:8443", "app://mobile", "*"})
    void acceptsOriginsAsBrowsersSendThem(String origin) {
        Config config = config("ALLOWED_ORIGINS=" + origin);
        assertThat(CorsPolicy.from(config).origins()).containsExactly(origin);
        config.throwIfBroken();
    }

    private static Config config(String settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings.split(";", -1)) {
            String[] parts = setting.split("=", 2);
            values.put("GATEHOUSE_CORS_" + parts[0], parts[1]);
        }
        return new Config(List.of(ConfigSource.of("test", values)));
    }
}
