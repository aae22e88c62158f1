package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests under which paths the admin API is available. */
@RedisTest
class AdminEndpointTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static Answer send(HttpRequest.Builder request) {
        return new Browser().send(request);
    }

    @Test
    void isAbsentWithoutATokenOrRole() {
        try (AdminApp off = AdminApp.start(
                AdminApp.with(REDIS.url()).set("GATEHOUSE_ADMIN_TOKEN", "").set("GATEHOUSE_ADMIN_ROLE", ""))) {
            for (String path : List.of("", "/keys", "/openapi.json")) {
                assertThat(off.get(path).status()).isEqualTo(404);
            }
        }
        try (AdminApp off = AdminApp.start(AdminApp.with(REDIS.url()).set("GATEHOUSE_ENDPOINTS_ENABLED", "False"))) {
            assertThat(off.get("/keys").status()).isEqualTo(404);
        }
    }

    @Test
    void isServedBelowTheConfiguredPrefix() {
        try (AdminApp elsewhere =
                AdminApp.start(AdminApp.with(REDIS.url()).set("GATEHOUSE_ENDPOINTS_PREFIX", "/ops"))) {
            assertThat(elsewhere.get("/keys").status()).isEqualTo(404);
            Answer description = send(AdminApp.withToken(
                    HttpRequest.newBuilder(URI.create(elsewhere.app().url("/ops/admin/openapi.json")))));
            assertThat(AdminApp.json(description.body()).get("servers"))
                    .isEqualTo(List.of(Map.of("url", "/ops/admin")));
        }
    }

    @Test
    void healthShowsVersionsOnlyToAdministrators() {
        String health = "/api/v1/core/health/system/";
        try (AdminApp app = AdminApp.start(AdminApp.with(REDIS.url()))) {
            Answer anonymous = new Browser().get(app.app().url(health));
            assertThat(anonymous.status()).isEqualTo(200);
            assertThat(anonymous.body())
                    .doesNotContain("\"version\"", "\"java\"")
                    .contains("\"sessionIntegration\":\"filter\"");
            Answer withToken = send(AdminApp.withToken(
                    HttpRequest.newBuilder(URI.create(app.app().url(health)))));
            assertThat(withToken.body()).contains("\"java\"");
            HttpRequest.Builder byRole =
                    HttpRequest.newBuilder(URI.create(app.app().url(health)));
            assertThat(send(byRole.header(AdminApp.USER, "olga/operator")).body())
                    .contains("\"java\"");
        }
    }

    @Test
    void logsUnexpectedFailuresAndDoesNotDiscloseThem() {
        try (LogCapture log = new LogCapture(ProblemException.class.getName())) {
            ProblemException problemException = ProblemException.of(new IllegalStateException(AdminApp.SECRET));
            assertThat(problemException.type().status()).isEqualTo(500);
            assertThat(problemException.body().toString()).doesNotContain(AdminApp.SECRET, "IllegalState");
            assertThat(log.lines())
                    .containsExactly("SEVERE an admin API call failed unexpectedly, "
                            + problemException.body().instance());
            assertThat(ProblemException.of(problemException)).isSameAs(problemException);
        }
    }
}
