package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests who may use the admin API, how other callers are refused, and what the audit log contains. */
@RedisTest
class AdminAccessTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static AdminApp app;
    private static int clients;

    private final LogCapture audit = new LogCapture(AuditLog.NAME);
    /** The client address of the test: failures are counted by address. */
    private String address = "";

    @BeforeAll
    static void start() {
        app = AdminApp.start(AdminApp.with(REDIS.url()));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @BeforeEach
    void useAnotherAddress() {
        address = "203.0.113." + ++clients;
    }

    @AfterEach
    void close() {
        audit.close();
    }

    private HttpRequest.Builder to(String path) {
        return app.to(path).header("X-Forwarded-For", address);
    }

    private static Answer send(HttpRequest.Builder request) {
        return new Browser().send(request);
    }

    private static void assertIsProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(AdminApp.json(answer.body()).get("type")).isEqualTo("urn:gatehouse:problem:" + type);
    }

    @ParameterizedTest
    @ValueSource(strings = {AdminApp.TOKEN, AdminApp.SECOND_TOKEN})
    void admitsEveryConfiguredToken(String token) {
        for (String scheme : List.of("Bearer", "bearer")) {
            assertThat(send(to("/sessions/count").header("Authorization", scheme + " " + token))
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, no-credentials",
                "Bearer, no-credentials",
                "Basic YWRtaW46YWRtaW4=, no-credentials",
                "Bearer wrong, wrong-token",
                "Bearer admin-token-0123456789-abcdefghijkl, wrong-token",
                "Bearer admin-token-0123456789-abcdefghijklmn, wrong-token",
                "Bearer ADMIN-TOKEN-0123456789-ABCDEFGHIJKLM, wrong-token",
                "Token " + AdminApp.TOKEN + ", no-credentials"
            })
    void refusesCallersWithoutAValidToken(String authorization, String reason) {
        app.login("alice");
        HttpRequest.Builder request =
                to("/sessions").header(AdminRequest.CONFIRM, "all").DELETE();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        Answer answer = send(request);
        assertIsProblem(answer, 401, "unauthenticated");
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"gatehouse-admin\""
                        + (reason.equals("wrong-token") ? ", error=\"invalid_token\"" : ""));
        assertThat(app.app().gatehouse().sessionManager().countSessions()).isEqualTo(1);
        assertThat(audit.lines())
                .containsExactly("WARNING actor=none action=authenticate reason=" + reason
                        + " outcome=refused status=401 address=" + address);
    }

    @Test
    void ignoresATokenInTheUrl() {
        assertIsProblem(send(to("/keys?access_token=" + AdminApp.TOKEN)), 401, "unauthenticated");
        assertIsProblem(app.get("/keys?access_token=" + AdminApp.TOKEN), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/nothing", "/sessions/count/more", "/openapi.json"})
    void disclosesNoPathWithoutAToken(String path) {
        assertIsProblem(send(to(path)), 401, "unauthenticated");
        assertIsProblem(send(to(path).method("OPTIONS", HttpRequest.BodyPublishers.noBody())), 401, "unauthenticated");
    }

    @Test
    void admitsUsersWithTheRoleOnly() {
        assertThat(send(to("/keys").header(AdminApp.USER, "olga/operator")).status())
                .isEqualTo(200);
        assertIsProblem(send(to("/keys").header(AdminApp.USER, "eve/guest")), 403, "forbidden");
        assertThat(audit.lines())
                .containsExactly(
                        "WARNING actor=user:eve action=authenticate reason=role-missing outcome=refused status=403"
                                + " address=" + address);
    }

    @Test
    void admitsAUserWithTheRoleInSpiteOfAnUnknownToken() {
        HttpRequest.Builder request = to("/keys").header("Authorization", "Bearer of.the.container");
        assertThat(send(request.header(AdminApp.USER, "olga/operator")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // proof, Sec-Fetch-Site, Origin, status
                "1, same-origin, -, 200",
                "1, none, -, 200",
                "1, same-origin, OWN, 200",
                "1, -, OWN, 200",
                "1, -, -, 403",
                "1, same-site, OWN, 403",
                "1, cross-site, -, 403",
                "1, cross-site, OWN, 403",
                "1, -, https://evil.example, 403",
                "1, -, null, 403",
                "1, -, http://127.0.0.1, 403",
                "1, -, ftp://HOST, 403",
                "1, -, https://HOST, 200",
                "1, -, http://HOST.evil.example, 403",
                "-, same-origin, OWN, 403",
                "-, -, OWN, 403",
                "0, same-origin, OWN, 403"
            })
    void requiresASameOriginProofForChangesWithASession(String proof, String site, String origin, int status) {
        app.login("alice");
        String host = app.url("").replaceAll("^http://|/.*$", "").replaceFirst("/.*", "");
        HttpRequest.Builder request =
                to("/sessions").header(AdminApp.USER, "olga/operator").header(AdminRequest.CONFIRM, "all");
        if (proof != null) {
            request.header(AdminAccessControl.PROOF, proof);
        }
        if (site != null) {
            request.header("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.header("Origin", origin.replace("OWN", "http://" + host).replace("HOST", host));
        }
        Answer answer = send(request.DELETE());
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(app.app().gatehouse().sessionManager().countSessions()).isEqualTo(status == 200 ? 0 : 1);
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(audit.lines())
                .singleElement()
                .asString()
                .isEqualTo(
                        status == 200
                                ? "INFO actor=role:olga action=sessions.terminate-all ended=1 outcome=done status=200"
                                        + " address=" + address
                                : "WARNING actor=role:olga action=authenticate reason=cross-site outcome=refused status=403"
                                        + " address=" + address);
    }

    @Test
    void limitsFailuresByAddressWithoutBlockingValidTokens() {
        for (int i = 0; i < 10; i++) {
            assertIsProblem(send(to("/keys")), 401, "unauthenticated");
        }
        for (int i = 0; i < 3; i++) {
            Answer answer = send(to("/keys").header("Authorization", "Bearer wrong"));
            assertIsProblem(answer, 429, "too-many-requests");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
        }
        assertThat(audit.lines()).hasSize(11);
        assertThat(audit.lines().get(10))
                .isEqualTo("WARNING actor=none action=authenticate reason=too-many-failures outcome=refused status=429"
                        + " address=" + address);
        assertThat(send(AdminApp.withToken(to("/keys"))).status()).isEqualTo(200);
    }

    @Test
    void limitsTheRateOfEachCaller() {
        TestRedis redis = REDIS;
        try (AdminApp slow = AdminApp.start(AdminApp.with(redis.url()).set("GATEHOUSE_ADMIN_RATE", "3/min"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(slow.get("/keys").status()).isEqualTo(200);
            }
            Answer refused = slow.get("/keys");
            assertIsProblem(refused, 429, "too-many-requests");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 20);
            assertIsProblem(slow.get("/keys"), 429, "too-many-requests");
            assertThat(send(slow.to("/keys").header("Authorization", "Bearer " + AdminApp.SECOND_TOKEN))
                            .status())
                    .isEqualTo(200);
            assertThat(audit.lines()).hasSize(1).allMatch(line -> line.contains("reason=too-many-requests"));
        }
    }

    @Test
    void logsChangesWithoutNamesOrSecrets() {
        Browser alice = app.login("alice");
        String handle = app.handle("alice");
        String tag = app.app().gatehouse().sessions().userTags("alice").get(0);
        app.post("/sessions/terminate", "{\"user\":\"alice\",\"except\":\"" + handle + "\"}");
        app.delete("/sessions/" + handle);
        app.delete("/sessions/" + handle);
        app.post("/limits/reset", "{\"scope\":\"account\",\"keys\":[\"alice\"]}");
        app.post("/cache/invalidate", "{\"user\":\"alice\"}");
        app.post("/cache/warm", "{\"scope\":\"user\",\"keys\":[\"alice\"]}");
        app.post("/jobs", "{\"name\":\"evil\\nactor=root\",\"arguments\":{}}");
        app.get("/configuration");
        app.post("/sessions/search", "{\"user\":\"alice\"}");

        String actor = "actor=token:"
                + TokenVerifier.name(AdminApp.TOKEN, List.of(new io.gatehouse.internal.config.Secret(AdminApp.TOKEN)));
        assertThat(audit.lines())
                .allMatch(line -> line.contains(" " + actor + " "))
                .hasSize(7);
        String end = " address=127.0.0.1";
        assertThat(audit.lines().get(0))
                .isEqualTo("INFO " + actor + " action=sessions.terminate-user user=" + tag + " except=" + handle
                        + " ended=0 outcome=done status=200" + end);
        assertThat(audit.lines().get(1))
                .isEqualTo("INFO " + actor + " action=sessions.terminate handle=" + handle
                        + " ended=1 outcome=done status=200" + end);
        assertThat(audit.lines().get(2))
                .isEqualTo("WARNING " + actor + " action=sessions.terminate handle=" + handle
                        + " outcome=refused status=404" + end);
        assertThat(audit.lines().get(3))
                .isEqualTo("INFO " + actor + " action=limits.reset scope=account keys=" + tag
                        + " reset=0 outcome=done status=200" + end);
        assertThat(audit.lines().get(4)).contains("action=cache.invalidate user=" + tag + " entries=0 outcome=done");
        assertThat(audit.lines().get(5))
                .containsPattern("action=cache.warm scope=user keys=1 run=[A-Za-z0-9_-]{22} outcome=done status=202");
        assertThat(audit.lines().get(6))
                .isEqualTo("WARNING " + actor + " action=jobs.start job=evil%0Aactor%3Droot"
                        + " outcome=refused status=400" + end);
        assertThat(String.join("\n", audit.lines()))
                .doesNotContain("alice", AdminApp.TOKEN, AdminApp.SECRET, alice.token());
    }
}
