package io.gatehouse.internal.admin;

import static io.gatehouse.internal.admin.AdminApp.assertIsProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that invalid bodies are answered with a problem and change nothing. */
class BadBodyTest extends BadRequests {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/sessions/search | ''",
                "/sessions/search | 'user=alice'",
                "/sessions/search | '[]'",
                "/sessions/search | '\"alice\"'",
                "/sessions/search | 'null'",
                "/sessions/search | '{'",
                "/sessions/search | '{\"user\"'",
                "/sessions/search | '{\"user\":\"alice\"} {}'",
                "/sessions/search | '{\"user\":\"alice\",}'",
                "/sessions/search | '{}'",
                "/sessions/search | '{\"user\":null}'",
                "/sessions/search | '{\"user\":1}'",
                "/sessions/search | '{\"user\":1e999999999999}'",
                "/sessions/search | '{\"user\":true}'",
                "/sessions/search | '{\"user\":[\"alice\"]}'",
                "/sessions/search | '{\"user\":{\"a\":\"b\"}}'",
                "/sessions/search | '{\"user\":\" \"}'",
                "/sessions/search | '{\"user\":\"bob\",\"user\":\"alice\"}'",
                "/sessions/search | '{\"user\":\"alice\",\"all\":true}'",
                "/sessions/search | '{\"User\":\"alice\"}'",
                "/sessions/terminate | '{\"user\":\"\"}'",
                "/sessions/terminate | '{\"user\":\"*\",\"except\":\"short\"}'",
                "/limits/inspect | '{\"scope\":\"planet\",\"keys\":[\"earth\"]}'",
                "/limits/inspect | '{\"scope\":\"ip\",\"keys\":[\"localhost\"]}'",
                "/limits/inspect | '{\"scope\":\"ip\"}'",
                "/limits/inspect | '{\"scope\":\"ip\",\"keys\":\"203.0.113.9\"}'",
                "/limits/inspect | '{\"scope\":\"ip\",\"keys\":[1]}'",
                "/limits/inspect | '{\"scope\":\"account\",\"keys\":[]}'",
                "/limits/inspect | '{\"scope\":\"\"}'",
                "/limits/reset | '{\"keys\":[]}'",
                "/limits/reset | '{\"scope\":\"ip\",\"keys\":[\"1.2.3.4\",\"5.6.7.8\"]}'",
                "/limits/explain | '{\"method\":\"GET\"}'",
                "/limits/explain | '{\"method\":\"GET\",\"path\":\"x\"}'",
                "/limits/explain | '{\"method\":\"GET\",\"path\":\"/\",\"user\":\"\"}'",
                "/limits/explain | '{\"method\":\"GET\",\"path\":\"/\",\"address\":\"nowhere\"}'",
                "/limits/explain | '{\"method\":\"GET\",\"path\":\"/\",\"headers\":{\"A\":1}}'",
                "/cache/invalidate | '{}'",
                "/cache/invalidate | '{\"user\":\"alice\",\"region\":\"user\"}'",
                "/cache/invalidate | '{\"key\":\"alice\"}'",
                "/cache/invalidate | '{\"user\":\"alice\",\"key\":\"alice\"}'",
                "/cache/invalidate | '{\"user\":\"\"}'",
                "/cache/invalidate | '{\"region\":\"nowhere\"}'",
                "/cache/invalidate | '{\"pattern\":\"*\"}'",
                "/cache/invalidate | '{\"pattern\":\"nowhere:*:*\",\"tag\":\"t\"}'",
                "/cache/warm | '{\"scope\":\" \"}'",
                "/cache/warm | '{\"scope\":\"all\",\"keys\":[\"a\"]}'",
                "/cache/warm | '{\"scope\":\"user\",\"keys\":[\"\"]}'",
                "/jobs | '{\"name\":\"rm -rf\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"arguments\":{\"\":\"a\"}}'",
                "/jobs | '{\"name\":\"warm-user\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"arguments\":{\"keys\":null}}'",
                "/jobs | '{\"name\":\"warm-users\",\"arguments\":{\"keys\":[1e999]}}'",
                "/jobs | '{\"name\":\"warm-users\",\"arguments\":{\"keys\":[[[[[[[[[1]]]]]]]]]}}'",
                "/jobs | '{\"name\":\"warm-users\",\"delay\":\"31d\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"delay\":\"soon\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"at\":\"2027-01-01\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"at\":\"9999-01-01T00:00:00Z\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"delay\":\"1m\",\"at\":\"2027-01-01T00:00:00Z\"}'",
                "/jobs | '{\"name\":\"warm-users\",\"arguments\":[]}'"
            })
    void rejectsAnInvalidBody(String path, String body) {
        assertIsProblem(app.post(path, body), 400, "invalid-request");
    }

    static List<String> deepBodies() {
        return List.of(
                "{\"user\":" + "[".repeat(16) + "]".repeat(16) + "}",
                "{\"user\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
                "{\"user\":" + "[".repeat(60_000),
                "{\"user\":".repeat(6_000),
                "{\"user\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "}");
    }

    @ParameterizedTest
    @MethodSource("deepBodies")
    void rejectsADeeplyNestedBody(String body) {
        assertIsProblem(app.post("/sessions/terminate", body), 400, "invalid-request");
    }

    @Test
    void rejectsAnOversizedBodyWithAndWithoutContentLength() {
        String body = "{\"user\":\"" + "x".repeat(AdminRequest.MAX_BODY_BYTES) + "\"}";
        assertIsProblem(app.post("/sessions/search", body), 413, "too-large");
        HttpRequest.Builder chunked = AdminApp.withToken(app.to("/sessions/search"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
        assertIsProblem(new Browser().send(chunked), 413, "too-large");
        String largest = "{\"user\":\"" + "x".repeat(AdminRequest.MAX_BODY_BYTES - 11) + "\"}";
        assertThat(app.post("/sessions/search", largest).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "application/json-patch+json",
                "application/json; charset=iso-8859-1",
                "application/json; charset=utf-8; q=1",
                "nonsense"
            })
    void rejectsAnotherMediaType(String type) {
        HttpRequest.Builder request = AdminApp.withToken(app.to("/sessions/search"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"alice\"}"));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        assertIsProblem(new Browser().send(request), 415, "unsupported-media-type");
    }

    @Test
    void rejectsACompressedBodyAndOneThatIsNotUtf8() {
        HttpRequest.Builder compressed =
                AdminApp.body(AdminApp.withToken(app.to("/sessions/search")), "{\"user\":\"alice\"}");
        assertIsProblem(
                new Browser().send(compressed.header("Content-Encoding", "gzip")), 415, "unsupported-media-type");
        HttpRequest.Builder latin1 = AdminApp.withToken(app.to("/sessions/search"))
                .header("Content-Type", "application/json; charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        "{\"user\":\"J\u00f6rg\"}".getBytes(StandardCharsets.ISO_8859_1)));
        assertIsProblem(new Browser().send(latin1), 400, "invalid-request");
    }
}
