package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The problem details of refused requests, as JSON and as a page. */
class ProblemDetailsTest {
    private static final UUID ID = new UUID(0x1111222233334444L, 0x8888777766665555L);

    private static ProblemDetails problem(WebProblemType type, long retryAfter, String... policies) {
        return new ProblemDetails(type, retryAfter, List.of(policies), ID);
    }

    @Test
    void namesTheTypeAndTheRulesAsInTheDraft() {
        assertThat(problem(WebProblemType.QUOTA_EXCEEDED, 12, "login", "day").json())
                .isEqualTo("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
                        + "\"title\":\"Quota Exceeded\",\"status\":429,"
                        + "\"detail\":\"There were more requests than allowed. Please try again in 12 seconds.\","
                        + "\"instance\":\"urn:uuid:11112222-3333-4444-8888-777766665555\","
                        + "\"violated-policies\":[\"login\",\"day\"]}");
        assertThat(problem(WebProblemType.ABNORMAL_USAGE_DETECTED, 1).json())
                .isEqualTo("{\"type\":\"https://iana.org/assignments/http-problem-types#abnormal-usage-detected\","
                        + "\"title\":\"Abnormal Usage Detected\",\"status\":429,"
                        + "\"detail\":\"Too many attempts have failed. Please try again in 1 second.\","
                        + "\"instance\":\"urn:uuid:11112222-3333-4444-8888-777766665555\"}");
        assertThat(problem(WebProblemType.TEMPORARY_REDUCED_CAPACITY, 2).json())
                .startsWith("{\"type\":\"https://iana.org/assignments/http-problem-types#temporary-reduced-capacity\","
                        + "\"title\":\"Temporary Reduced Capacity\",\"status\":503,");
    }

    @Test
    void escapesNamesInJson() {
        String odd = "\"\\\b\n\u0000\u001f/ \u2028\uD83D\uDE00<é";
        String json = problem(WebProblemType.QUOTA_EXCEEDED, 1, odd, "b").json();
        Map<?, ?> read = JsonbBuilder.create().fromJson(json, Map.class);
        assertThat(read.get("violated-policies")).isEqualTo(List.of(odd, "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "1,1 second",
        "2,2 seconds",
        "120,120 seconds",
        "121,3 minutes",
        "180,3 minutes",
        "181,4 minutes",
        "7200,120 minutes",
        "7201,3 hours",
        "86400,24 hours",
        "86401,25 hours"
    })
    void roundsLongTimesUpToLargerUnits(long seconds, String expected) {
        assertThat(problem(WebProblemType.QUOTA_EXCEEDED, seconds).detail())
                .isEqualTo("There were more requests than allowed. Please try again in " + expected + ".");
    }

    @ParameterizedTest
    @EnumSource
    void thePageIsCompleteAndLoadsNothing(WebProblemType type) throws Exception {
        String page = ProblemPage.html(problem(type, 12, "login"));
        assertThat(page).startsWith("<!DOCTYPE html>").doesNotContain("login");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(page)));
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
        assertThat(only(document, "title").getTextContent()).isEqualTo(type.heading());
        assertThat(only(document, "h1").getTextContent()).isEqualTo(type.heading());
        assertThat(only(document, "main").getTextContent())
                .contains(type.sentence() + " Please try again in 12 seconds.")
                .contains(ID.toString());
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            assertThat(element.getTagName()).isNotIn("script", "link", "img", "iframe", "form", "object");
            for (String attribute : new String[] {"src", "href", "style", "onclick", "onload", "http-equiv"}) {
                assertThat(element.hasAttribute(attribute)).as(attribute).isFalse();
            }
        }
        byte[] style = only(document, "style").getTextContent().getBytes(StandardCharsets.UTF_8);
        assertThat(ProblemPage.SECURITY_POLICY)
                .startsWith("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256").digest(style))
                        + "';");
    }

    private static Element only(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        assertThat(found.getLength()).as(tag).isEqualTo(1);
        return (Element) found.item(0);
    }

    @Test
    void theContractListsAllProblemTypes() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/contract.md"));
        String section = page.substring(page.indexOf("\n## Problem types\n") + 1);
        assertThat(section.substring(0, section.indexOf("\n## "))
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3))))
                .containsExactlyElementsOf(Arrays.stream(WebProblemType.values())
                        .map(WebProblemType::uri)
                        .toList());
    }
}
