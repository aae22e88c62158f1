package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests Faces views with state on the server, on two servers alternately. */
@OnServer
class FacesIT {
    private static final Pattern INPUT = Pattern.compile("<input [^>]+>");

    private final CountingProxy proxy =
            new CountingProxy(ServerTestEnvironment.redis().port());
    private Browser browser = new Browser();
    private boolean started;

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

    @BeforeEach
    void startTheSecondNode() {
        if (!started) {
            Node.startQuietly(controller, proxy);
            started = true;
        }
        browser = new Browser();
    }

    @AfterAll
    void closeProxy() {
        proxy.close();
    }

    @Test
    void sharesViewsAndTheirBeansBetweenNodes() {
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

    /** Counts at the socket: one round trip for a new session, one to read, two to change, as without beans, listeners and views. */
    @Test
    void beansAndViewsNeedNoExtraRoundTrips() {
        int late = Server.LIBERTY.isUnderTest()
                ? 1
                : 0; // its Faces changes the session again after the page has been sent
        visitAndClick(new Browser()); // loads all scripts into Redis
        assertThat(visitAndClick(browser))
                .isEqualTo(Map.of(
                        "first visit", 1, "visit", 2, "look", 1, "first page", 2 + late, "click", 2, "logout", 2));
        Browser other = new Browser();
        int unused = proxy.takeRoundTrips();
        other.get(Node.url(Node.TWO, "/club/clicks.xhtml"));
        assertThat(proxy.takeRoundTrips()).as("a page that creates a session").isEqualTo(1 + late);
    }

    private Map<String, Integer> visitAndClick(Browser visitor) {
        Map<String, Integer> counts = new HashMap<>();
        int unused = proxy.takeRoundTrips();
        visitor.get(Node.url(Node.TWO, "/club/club/visit"));
        counts.put("first visit", proxy.takeRoundTrips());
        visitor.get(Node.url(Node.TWO, "/club/club/visit"));
        counts.put("visit", proxy.takeRoundTrips());
        visitor.get(Node.url(Node.TWO, "/club/club/visits"));
        counts.put("look", proxy.takeRoundTrips());
        Browser.Answer page = visitor.get(Node.url(Node.TWO, "/club/clicks.xhtml"));
        counts.put("first page", proxy.takeRoundTrips());
        page = visitor.post(Node.url(Node.TWO, "/club/clicks.xhtml"), form(page.body()));
        assertThat(page.body()).contains("clicks: 1");
        counts.put("click", proxy.takeRoundTrips());
        visitor.get(Node.url(Node.TWO, "/club/club/sign-out"));
        counts.put("logout", proxy.takeRoundTrips());
        return counts;
    }

    /** Returns all fields of the page's form, encoded as a browser sends them when the button is clicked. */
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
