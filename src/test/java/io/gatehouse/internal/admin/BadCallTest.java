package io.gatehouse.internal.admin;

import static io.gatehouse.internal.admin.AdminApp.assertIsProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that invalid calls are answered with a problem and change nothing. */
class BadCallTest extends BadRequests {
    private static final String NO_SUCH_HANDLE = "AAAAAAAAAAAAAAAAAAAAAA";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/nothing",
                "/sessions/count/more",
                "/Sessions",
                "/sessions/x/attributes",
                "/jobs/a/b",
                "/openapi.yaml"
            })
    void rejectsAnUnknownPath(String path) {
        assertIsProblem(app.get(path), 404, "unknown-path");
        assertIsProblem(app.post(path, "{}"), 404, "unknown-path");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /sessions, 'GET, HEAD, DELETE, OPTIONS'",
        "POST, /sessions, 'GET, HEAD, DELETE, OPTIONS'",
        "DELETE, /sessions/count, 'GET, HEAD, OPTIONS'",
        "GET, /sessions/search, 'POST, OPTIONS'",
        "PATCH, /sessions/" + NO_SUCH_HANDLE + ", 'GET, HEAD, DELETE, OPTIONS'",
        "DELETE, /limits, 'GET, HEAD, OPTIONS'",
        "HEAD, /limits/reset, 'POST, OPTIONS'",
        "BREW, /keys, 'GET, HEAD, OPTIONS'"
    })
    void rejectsAnUnknownMethod(String method, String path, String allow) {
        Answer answer = new Browser()
                .send(AdminApp.withToken(app.to(path)).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allow);
        if (!method.equals("HEAD")) {
            assertIsProblem(answer, 405, "method-not-allowed");
        }
    }

    @Test
    void supportsHeadAndOptions() {
        Answer get = app.get("/keys");
        Answer head = new Browser()
                .send(AdminApp.withToken(app.to("/keys/")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("" + get.body().length());
        Answer options = new Browser()
                .send(AdminApp.withToken(app.to("/jobs")).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sessions?cursor=nonsense",
                "/sessions?cursor=64.0",
                "/sessions?cursor=0.99999999999999999999999",
                "/sessions?limit=0",
                "/sessions?limit=1001",
                "/sessions?limit=-1",
                "/sessions?limit=99999999999999999999",
                "/sessions?limit=ten",
                "/sessions?limit=",
                "/sessions?limit=5&limit=5",
                "/sessions?user=bob",
                "/sessions?Limit=5",
                "/sessions?%zz=1",
                "/sessions?cursor=%zz",
                "/sessions?&",
                "/jobs?limit=201",
                "/jobs?state=lost",
                "/keys?pretty",
                "/sessions/short",
                "/sessions/%00%0d%0aX",
                "/sessions/AAAAAAAAAAAAAAAAAAAAA*",
                "/jobs/short"
            })
    void rejectsAnInvalidQueryHandleOrId(String path) {
        Answer answer = send(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        if (!path.contains("%00")) { // the container rejects this one
            assertIsProblem(answer, 400, "invalid-request");
        }
    }

    /** Sends a request, even one that no {@link java.net.URI} can represent. */
    private static Answer send(String path) {
        return path.contains("%zz") ? RawCall.get(app.url(path)) : app.get(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sessions/" + NO_SUCH_HANDLE, "/jobs/" + NO_SUCH_HANDLE})
    void reportsUnknownSessionsAndRuns(String path) {
        assertIsProblem(app.get(path), 404, "not-there");
        assertIsProblem(app.delete(path), 404, "not-there");
    }

    @Test
    void rejectsABodyWhereNoneIsExpected() {
        HttpRequest.Builder request = AdminApp.withToken(app.to("/sessions"))
                .header("Content-Type", "application/json")
                .header(AdminRequest.CONFIRM, "all")
                .method("DELETE", HttpRequest.BodyPublishers.ofString("{\"user\":\"bob\"}"));
        assertIsProblem(new Browser().send(request), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ALL", "yes"})
    void refusesToEndAllSessionsWithoutConfirmation(String confirmation) {
        HttpRequest.Builder request = AdminApp.withToken(app.to("/sessions")).DELETE();
        if (!confirmation.isEmpty()) {
            request.header(AdminRequest.CONFIRM, confirmation);
        }
        assertIsProblem(new Browser().send(request), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | 406",
                "application/xml;q=1, text/plain | 406",
                "application/json;q=0 | 406",
                "application/json;q=0.0, */* | 406",
                "application/*;q=0, */*;q=1 | 406",
                "text/html, */*;q=0.1 | 200",
                "application/* | 200",
                "APPLICATION/JSON;q=0.5 | 200",
                "application/json | 200",
                "*/* | 200"
            })
    void honoursTheAcceptHeader(String accept, int status) {
        Answer answer = new Browser()
                .send(AdminApp.withToken(app.to("/keys"))
                        .header("Accept", accept)
                        .GET());
        assertThat(answer.status()).isEqualTo(status);
        if (status == 406) {
            assertIsProblem(answer, 406, "not-acceptable");
        }
    }
}
