package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the admin API on a server, with a token and with a role of the container. */
@OnServer
class AdminIT {
    private static final String TOKEN = "only-of-this-test-0123456789-abcdefghijklm";
    private static final String API = "/administered/api/v1/core/admin";
    private static final Pattern HANDLE = Pattern.compile("\"handle\":\"([A-Za-z0-9_-]{22})\"");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive administered() {
        return Wars.administered();
    }

    @BeforeEach
    void reset() {
        ServerTestEnvironment.redis().flush();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(Node.url(Node.ONE, API + path)));
    }

    private static Answer send(HttpRequest.Builder request) {
        return new Browser().send(request.header("Authorization", "Bearer " + TOKEN));
    }

    private static HttpRequest.Builder post(String path, String json) {
        return to(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
    }

    private static void assertIsProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.body()).contains("\"urn:gatehouse:problem:" + type + "\"");
    }

    @Test
    void disclosesNothingWithoutAToken() {
        for (String path : List.of("", "/", "/sessions", "/sessions/", "/nothing")) {
            Answer answer = new Browser().send(to(path).GET());
            assertIsProblem(answer, 401, "unauthenticated");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatehouse-admin\"");
        }
    }

    @Test
    void findsAndEndsASession() {
        AuthenticatedClient authenticatedClient = new AuthenticatedClient("/administered");
        authenticatedClient.logInByForm("/members/visit");
        for (String path : List.of("/sessions/search", "/sessions/search/")) {
            Answer found = send(post(path, "{\"user\":\"alice\"}"));
            assertThat(found.status()).as(found.body()).isEqualTo(200);
            assertThat(found.header("Content-Type")).isEqualTo("application/json");
            assertThat(found.body()).contains("\"user\":\"alice\"").doesNotContain(authenticatedClient.token());
        }
        Matcher handle = HANDLE.matcher(send(to("/sessions").GET()).body());
        assertThat(handle.find()).isTrue();
        Answer shown = send(to("/sessions/" + handle.group(1)).GET());
        assertThat(shown.body()).contains("\"attributes\":[");
        Answer ended = send(to("/sessions/" + handle.group(1) + "/").DELETE());
        assertThat(ended.body()).contains("\"ended\":1");
        assertIsProblem(send(to("/sessions/" + handle.group(1)).DELETE()), 404, "not-there");
        assertThat(authenticatedClient.send("/members/visit").body()).doesNotContain("alice");
    }

    @Test
    void admitsAUserWithTheRoleAndRequiresASameOriginProof() {
        AuthenticatedClient authenticatedClient = new AuthenticatedClient("/administered");
        authenticatedClient.logInByForm("/members/visit");
        Browser browser = authenticatedClient.browser();
        assertThat(browser.send(to("/sessions/count").GET()).body()).isEqualTo("{\"sessions\":1}");
        assertIsProblem(browser.send(post("/sessions/terminate", "{\"user\":\"bob\"}")), 403, "cross-site");
        Answer proven = browser.send(post("/sessions/terminate", "{\"user\":\"bob\"}")
                .header("X-Gatehouse-Admin", "1")
                .header("Sec-Fetch-Site", "same-origin"));
        assertThat(proven.status()).as(proven.body()).isEqualTo(200);
    }

    @Test
    void answersInvalidRequestsWithItsOwnProblems() {
        assertIsProblem(send(to("/nothing").GET()), 404, "unknown-path");
        assertIsProblem(send(to("/keys").DELETE()), 405, "method-not-allowed");
        assertIsProblem(send(post("/sessions/search", "{\"user\":1}")), 400, "invalid-request");
        assertIsProblem(send(post("/sessions/search", "{\"user\":\"a\",\"user\":\"b\"}")), 400, "invalid-request");
        assertIsProblem(send(post("/sessions/search", "{\"user\":" + "[".repeat(20_000))), 400, "invalid-request");
        assertIsProblem(send(post("/sessions/search", "{\"user\":\"" + "x".repeat(70_000) + "\"}")), 413, "too-large");
    }

    @Test
    void answersOnCacheAndJobsAsDescribed() {
        Answer run = send(post("/cache/warm", "{\"scope\":\"user\"}"));
        assertThat(run.status()).as(run.body()).isEqualTo(202);
        assertThat(run.header("Location")).contains(API + "/jobs/");
        assertThat(send(to("/cache").GET()).body()).contains("\"regions\":[");
        assertThat(send(to("/limits").GET()).body()).contains("\"rules\":[", "\"periodSeconds\":86400");
        assertThat(send(to("/openapi.json").GET()).body()).contains("\"url\": \"" + API + "\"");
        assertThat(send(to("/configuration").GET()).body()).doesNotContain(TOKEN);
    }

    @Test
    void leavesTheApplicationsOwnJaxRsResourcesReachable() {
        assumeFalse(Server.LIBERTY.isUnderTest(), "its features for the tests exclude JAX-RS");
        String resource = "/administered/api/v1/core/mine";
        assertThat(new Browser().get(Node.url(Node.ONE, resource)).body()).isEqualTo("the application's own");
        assertThat(new Browser()
                        .get(Node.url(Node.ONE, "/administered/api/v1/core/health/live"))
                        .body())
                .contains("gatehouse-alive/administered");
        assertIsProblem(new Browser().send(to("/sessions").GET()), 401, "unauthenticated");
    }
}
