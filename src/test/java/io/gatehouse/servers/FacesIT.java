package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Views of Faces, their state on the server, on two servers in turn. */
@OnServer
class FacesIT {
    private static final Pattern INPUT = Pattern.compile("<input [^>]+>");

    private final Browser browser = new Browser();

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.facesClub();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.facesClub();
    }

    @Test
    void viewsAndTheirBeansMoveFromNodeToNode() {
        Node.start(controller);
        Browser.Answer page = browser.get(Node.url(Node.ONE, "/club/clicks.xhtml"));
        assertThat(page.body()).contains("clicks: 0");
        int clicks = 0;
        for (String node : List.of(Node.ONE, Node.TWO, Node.TWO, Node.ONE)) {
            clicks++;
            page = browser.post(Node.url(node, "/club/clicks.xhtml"), form(page.body()));
            assertThat(page.body()).as(node).contains("clicks: " + clicks);
            assertThat(page.setCookies()).noneMatch(cookie -> cookie.contains("JSESSIONID"));
        }
    }

    /** All fields of the page's form as a browser sends them when the button is clicked. */
    private static String form(String page) {
        return INPUT.matcher(page)
                .results()
                .map(MatchResult::group)
                .map(input -> encode(value("name", input)) + "=" + encode(value("value", input)))
                .collect(Collectors.joining("&"));
    }

    private static String value(String attribute, String input) {
        Matcher found = Pattern.compile(" " + attribute + "=\"([^\"]*)\"").matcher(input);
        assertThat(found.find()).as(input).isTrue();
        return found.group(1);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
