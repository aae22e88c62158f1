package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.Test;

/** Tests the admin API while Redis or the cache is unavailable. */
class AdminWithoutRedisTest {

    @Test
    void refusesCallsThatNeedRedisAndServesTheOthers() {
        try (TestRedis redis = TestRedis.start();
                AdminApp app = AdminApp.start(AdminApp.with(redis.url()));
                LogCapture audit = new LogCapture(AuditLog.NAME)) {
            redis.process().close();
            for (Answer answer : new Answer[] {
                app.get("/sessions/count"),
                app.get("/jobs"),
                app.delete("/sessions/AAAAAAAAAAAAAAAAAAAAAA"),
                app.post("/sessions/terminate", "{\"user\":\"alice\"}"),
                app.post("/limits/reset", "{\"scope\":\"account\",\"keys\":[\"alice\"]}")
            }) {
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isEqualTo("2");
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(answer.body())
                        .contains("urn:gatehouse:problem:redis-unavailable")
                        .doesNotContain("127.0.0.1", "" + redis.port());
            }
            assertThat(app.get("/keys").status()).isEqualTo(200);
            assertThat(app.get("/configuration").status()).isEqualTo(200);
            assertThat(app.get("/limits").status()).isEqualTo(200);
            assertThat(audit.lines())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("WARNING ") && line.contains(" outcome=failed status=503 "));
        }
    }

    @Test
    void namesTheSettingThatDisablesTheCache() {
        try (TestRedis redis = TestRedis.start();
                AdminApp app = AdminApp.start(AdminApp.with(redis.url()).set("GATEHOUSE_CACHE_ENABLED", "False"))) {
            for (Answer answer : new Answer[] {app.get("/cache"), app.post("/cache/warm", "{\"scope\":\"all\"}")}) {
                assertThat(answer.status()).isEqualTo(409);
                assertThat(answer.body()).contains("urn:gatehouse:problem:switched-off", "GATEHOUSE_CACHE_ENABLED");
            }
        }
    }
}
