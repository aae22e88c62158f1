package io.gatehouse.wars;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests applications of other projects, unmodified, with Gatehouse attached by the script: what a session holds is found on
 * another node after the first was killed.
 */
@RedisTest
class AttachedWarsIT {
    private static final String LOGGED_IN = "You are logged in as remote user";

    @TempDir
    Path folder;

    private final Browser browser = new Browser();

    private interface Scenario {
        void run(TomcatNode one, TomcatNode two) throws IOException;
    }

    private void onTwoNodes(Path war, String page, TestRedis redis, Scenario scenario) throws IOException {
        onTwoNodes(war, page, redis, Map.of(), scenario);
    }

    private void onTwoNodes(Path war, String page, TestRedis redis, Map<String, String> settings, Scenario scenario)
            throws IOException {
        try (TomcatNode one = new TomcatNode(folder.resolve("one"), war, redis, settings);
                TomcatNode two = new TomcatNode(folder.resolve("two"), war, redis, settings)) {
            one.awaitStart(page);
            two.awaitStart(page);
            scenario.run(one, two);
        }
    }

    /** Sends a request with the name and password of Ada for BASIC authentication. */
    private Answer getAsAda(String url) {
        String credentials =
                Base64.getEncoder().encodeToString(("ada:" + AttachedWars.PASSWORD).getBytes(StandardCharsets.UTF_8));
        return browser.send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Basic " + credentials));
    }

    @Test
    void theCartOfTomcatsExamplesOutlivesItsNode(TestRedis redis) throws IOException, InterruptedException {
        Path war = AttachedWars.ofTomcat("examples", folder);
        onTwoNodes(war, "/examples/index.html", redis, (one, two) -> {
            String cart = "/examples/jsp/sessions/carts.jsp?submit=add&itemId=";
            assertThat(browser.get(one.url(cart + 1)).body()).contains("<li>");
            String full = browser.get(one.url(cart + 2)).body();
            assertThat(browser.cookie("sid")).isNotNull();
            assertThat(browser.cookie("JSESSIONID")).isNull();
            assertThat(items(full)).isEqualTo(2);
            one.kill();
            assertThat(items(browser.get(two.url(cart + 3)).body())).isEqualTo(3);

            String login = "/examples/jsp/security/protected/";
            browser.get(two.url(login + "index.jsp"));
            browser.post(two.url(login + "j_security_check"), "j_username=ada&j_password=" + AttachedWars.PASSWORD);
            assertThat(browser.get(two.url(login + "index.jsp")).body()).contains(LOGGED_IN);
            assertThat(items(browser.get(two.url(cart + 4)).body()))
                    .as("the cart after the login")
                    .isEqualTo(4);
            browser.get(two.url(login + "index.jsp?logoff=true"));
            assertThat(items(browser.get(two.url(cart + 5)).body()))
                    .as("the cart after the logout")
                    .isEqualTo(1);
        });
    }

    @Test
    void aFormUserOfTomcatsExamplesIsKnownOnTheOtherNode(TestRedis redis) throws IOException, InterruptedException {
        Path war = AttachedWars.ofTomcat("examples", folder);
        Map<String, String> settings = Map.of("GATEHOUSE_SESSION_INTEGRATION", "container");
        onTwoNodes(war, "/examples/index.html", redis, settings, (one, two) -> {
            String cart = "/examples/jsp/sessions/carts.jsp?submit=add&itemId=";
            assertThat(items(browser.get(one.url(cart + 1)).body())).isEqualTo(1);
            String folder = "/examples/jsp/security/protected/";
            String page = folder + "index.jsp";
            assertThat(browser.get(two.url(page)).body()).contains("j_security_check");
            String form = "j_username=ada&j_password=";
            assertThat(browser.post(one.url(folder + "j_security_check"), form + "wrong")
                            .body())
                    .contains("Invalid user name and/or password");
            Answer login = browser.post(two.url(folder + "j_security_check"), form + AttachedWars.PASSWORD);
            assertThat(login.status()).as(two.log()).isIn(302, 303);
            assertThat(login.header("location")).endsWith(page);
            assertThat(browser.get(two.url(page)).body()).contains(LOGGED_IN);
            assertThat(browser.get(one.url(page)).body()).contains(LOGGED_IN);
            two.kill();
            assertThat(browser.get(one.url(page)).body()).as(one.log()).contains(LOGGED_IN);
            assertThat(items(browser.get(one.url(cart + 2)).body())).isEqualTo(2);
            assertThat(browser.cookie("JSESSIONID")).isNull();
            browser.get(one.url(page + "?logoff=true"));
            assertThat(browser.get(one.url(page)).body()).contains("j_security_check");
        });
    }

    private static long items(String page) {
        return Pattern.compile("<li>")
                .matcher(page.substring(0, page.indexOf("</ol>")))
                .results()
                .count();
    }

    /** The page of the manager has links with a value of the session, without which they are refused. */
    @Test
    void linksOfTomcatsManagerAreGoodOnTheOtherNode(TestRedis redis) throws IOException, InterruptedException {
        Path war = AttachedWars.ofTomcat("manager", folder);
        onTwoNodes(war, "/manager/html", redis, (one, two) -> {
            Answer page = getAsAda(one.url("/manager/html"));
            assertThat(page.status()).isEqualTo(200);
            Matcher link = Pattern.compile("&#47;manager&#47;html&#47;sessions\\?[^\"]*CSRF_NONCE=[0-9A-F]+")
                    .matcher(page.body());
            assertThat(link.find()).as(page.body()).isTrue();
            one.kill();
            String target = link.group().replace("&amp;", "&").replace("&#47;", "/");
            assertThat(getAsAda(two.url(target)).status()).isEqualTo(200);
            assertThat(getAsAda(two.url(target.replaceFirst("[0-9A-F]+$", "0123456789ABCDEF")))
                            .status())
                    .isEqualTo(403);
        });
    }

    /** The console keeps the user in its session, and has libraries of Gatehouse in other versions. */
    @Test
    void aUserOfTheHawtioConsoleIsKnownOnTheOtherNode(TestRedis redis) throws IOException, InterruptedException {
        Path war = AttachedWars.attach(AttachedWars.FOLDER.resolve("hawtio.war"), folder.resolve("hawtio.war"));
        onTwoNodes(war, "/hawtio/auth/config", redis, (one, two) -> {
            assertThat(user(one)).doesNotContain("ada");
            Answer login = browser.send(HttpRequest.newBuilder(URI.create(one.url("/hawtio/auth/login")))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"username\":\"ada\",\"password\":\"" + AttachedWars.PASSWORD + "\"}")));
            assertThat(login.status()).as(login.body() + one.log()).isEqualTo(200);
            assertThat(user(one)).contains("ada");
            one.kill();
            assertThat(user(two)).as(two.log()).contains("ada");
            browser.get(two.url("/hawtio/auth/logout"));
            assertThat(user(two)).doesNotContain("ada");
        });
    }

    private String user(TomcatNode node) {
        Answer answer = browser.get(node.url("/hawtio/user"));
        return answer.status() + " " + answer.body();
    }
}
