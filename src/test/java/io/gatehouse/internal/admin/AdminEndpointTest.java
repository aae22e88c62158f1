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

/** Where the API is, and where it is not. */
@RedisTest
class AdminEndpointTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static Answer send(HttpRequest.Builder request) {
        return new Browser().send(request);
    }

    @Test
    void thereIsNoneWhileNobodyMayUseIt() {
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
    void itIsServedUnderAPrefixOfChoice() {
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
    void healthTellsVersionsToThoseOnlyWhoMayUseIt() {
        String health = "/api/v1/core/health/system/";
        try (AdminApp app = AdminApp.start(AdminApp.with(REDIS.url()))) {
            Answer strangers = new Browser().get(app.app().url(health));
            assertThat(strangers.status()).isEqualTo(200);
            assertThat(strangers.body()).doesNotContain("\"version\"", "\"java\"");
            Answer ours = send(AdminApp.withToken(
                    HttpRequest.newBuilder(URI.create(app.app().url(health)))));
            assertThat(ours.body()).contains("\"java\"");
            HttpRequest.Builder byRole =
                    HttpRequest.newBuilder(URI.create(app.app().url(health)));
            assertThat(send(byRole.header(AdminApp.USER, "olga/operator")).body())
                    .contains("\"java\"");
        }
    }

    @Test
    void whatFailsUnexpectedlyIsInTheLogAndNotInTheAnswer() {
        try (LogCapture log = new LogCapture(ProblemException.class.getName())) {
            ProblemException problemException = ProblemException.of(new IllegalStateException(AdminApp.SECRET));
            assertThat(problemException.type().status()).isEqualTo(500);
            assertThat(problemException.body().toString()).doesNotContain(AdminApp.SECRET, "IllegalState");
            assertThat(log.lines())
                    .containsExactly("SEVERE a call of the admin API failed, "
                            + problemException.body().instance());
            assertThat(ProblemException.of(problemException)).isSameAs(problemException);
        }
    }
}
