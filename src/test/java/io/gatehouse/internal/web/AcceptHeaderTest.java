package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice between an HTML page and JSON for a client. */
class AcceptHeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Chrome, Firefox and Safari, opening a page
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                        + "application/signed-exchange;v=b3;q=0.7",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "text/html",
                "TEXT/HTML ; Q=0.5",
                "text/html;charset=utf-8",
                "text/*",
                "text/html, */*; q=0.01", // jQuery, loading a part of a page
                "application/json;q=0.4, text/html;q=0.5",
                "*/*, application/json;q=0, application/problem+json;q=0", // the precise range counts, not the best
                "text/*;q=0.5, */*;q=0.4",
                "garbage,,;=, text/html",
                "application/json;q=2, text/html;q=0.1", // an invalid weight
            })
    void prefersHtml(String header) {
        assertThat(AcceptHeader.prefersHtml(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*", // curl, fetch, Java's and Python's clients
                "application/json, text/plain, */*", // axios
                "application/json, text/javascript, */*; q=0.01", // jQuery, loading JSON
                "application/problem+json",
                "application/json, text/html", // equal weights
                "text/html, application/problem+json",
                "text/html;q=0",
                "text/html;q=0, */*",
                "text/*, text/html;q=0",
                "text/html;q=nonsense",
                "text/html;q=1.5",
                "text/html;q=0.1234",
                "text/html;q=-1",
                "application/*, text/html;q=0.9",
                "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", // Firefox, loading an image
                "application/xhtml+xml",
                "text",
                "/",
                "text/html/more",
                ",,,",
                ";;;q=1",
                "\"text/html",
                "\u0000\uFFFF",
            })
    void prefersJson(String header) {
        assertThat(AcceptHeader.prefersHtml(header)).isFalse();
    }

    @Test
    void parsesTenKilobytesInLinearTime() {
        assertThat(AcceptHeader.prefersHtml(",".repeat(10_000))).isFalse();
        assertThat(AcceptHeader.prefersHtml(" ".repeat(10_000))).isFalse();
        assertThat(AcceptHeader.prefersHtml("a/".repeat(5_000))).isFalse();
        assertThat(AcceptHeader.prefersHtml("text/html" + ";x".repeat(5_000))).isTrue();
        assertThat(AcceptHeader.prefersHtml("a/b,".repeat(2_500) + "text/html")).isTrue();
    }

    @Test
    void answersTheSameAgainAndForLongHeaders() {
        String rest = ", image/x-a;q=0.1".repeat(100);
        for (int i = 0; i < 2; i++) {
            assertThat(AcceptHeader.prefersHtml("text/html, text/known")).isTrue();
            assertThat(AcceptHeader.prefersHtml("text/known, application/json")).isFalse();
            assertThat(AcceptHeader.prefersHtml("text/html" + rest)).isTrue();
            assertThat(AcceptHeader.prefersHtml("application/json" + rest)).isFalse();
        }
    }
}
