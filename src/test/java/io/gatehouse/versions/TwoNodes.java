package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The main scenarios of an application on two nodes of one kind of server, one of which is killed and started again. */
final class TwoNodes {
    private static final String CREDENTIALS = "user=ada&password=open+sesame";
    private static final String START = "/who";
    private static final int FAILURES_BEFORE_A_LOCKOUT = 5;

    private final Path jdk;
    private final List<String> arguments;
    private final TestRedis redis;
    private final Path folder;
    private final Browser browser = new Browser();

    /** @param arguments those of the JVM and of the server, with {@code PORT} in place of the port */
    TwoNodes(Path jdk, List<String> arguments, TestRedis redis, Path folder) {
        this.jdk = jdk;
        this.arguments = arguments;
        this.redis = redis;
        this.folder = folder;
    }

    private ServerProcess node() throws IOException {
        return new ServerProcess(jdk, arguments, redis, folder);
    }

    /** Plays all scenarios. */
    void play() throws IOException {
        try (ServerProcess two = node()) {
            try (ServerProcess one = node()) {
                one.awaitStart(START);
                two.awaitStart(START);
                sharesASession(one, two);
                logsIn(one, two);
                limits(one, two);
                one.kill();
            }
            assertThat(get(two, "/count").body())
                    .as("after the other node was killed")
                    .isEqualTo("4");
            assertThat(get(two, "/who").body()).isEqualTo("ada");
            try (ServerProcess again = node()) {
                again.awaitStart(START);
                assertThat(get(again, "/count").body()).as("after a restart").isEqualTo("5");
                logsOut(again, two);
            }
        }
    }

    private Answer get(ServerProcess node, String path) {
        Answer answer = browser.get(node.url(path));
        assertThat(answer.setCookies()).as("the server's own session").noneMatch(line -> line.contains("JSESSIONID"));
        return answer;
    }

    private void sharesASession(ServerProcess one, ServerProcess two) {
        Answer first = get(one, "/count");
        assertThat(first.body()).isEqualTo("1");
        assertThat(first.setCookies())
                .singleElement()
                .asString()
                .startsWith("sid=")
                .containsIgnoringCase("; Path=/shop;")
                .containsIgnoringCase("; Max-Age=3600")
                .containsIgnoringCase("; HttpOnly");
        assertThat(get(two, "/count").body()).isEqualTo("2");
        assertThat(get(one, "/later").body()).as("by an asynchronous dispatch").isEqualTo("3");
        assertThat(get(two, "/timeout").body())
                .as("the application's 45 minutes")
                .isEqualTo("2700");
        assertThat(get(two, "/who").body()).isEqualTo("guest");
    }

    private void logsIn(ServerProcess one, ServerProcess two) {
        String before = browser.token();
        assertThat(browser.post(one.url("/login"), CREDENTIALS).status()).isEqualTo(200);
        assertThat(browser.token()).as("the cookie after the login").isNotEqualTo(before);
        assertThat(get(two, "/who").body()).isEqualTo("ada");
        assertThat(new Browser().withCookie("sid", before).get(two.url("/who")).body())
                .as("with the cookie of the time before")
                .isEqualTo("guest");
    }

    private static void limits(ServerProcess one, ServerProcess two) {
        for (int left = 2; left >= 0; left--) {
            Answer answer = new Browser().get((left == 1 ? two : one).url("/page"));
            assertThat(answer.body()).isEqualTo("page");
            assertThat(answer.header("RateLimit")).startsWith("\"page\";r=" + left);
        }
        assertThat(new Browser().get(two.url("/page")).status()).isEqualTo(429);
        for (int i = 0; i < FAILURES_BEFORE_A_LOCKOUT; i++) {
            assertThat(new Browser()
                            .post(one.url("/login"), "user=eve&password=" + i)
                            .status())
                    .isEqualTo(401);
        }
        assertThat(new Browser()
                        .post(two.url("/login"), "user=eve&password=open+sesame")
                        .status())
                .as("the right password after five wrong ones")
                .isEqualTo(429);
    }

    private void logsOut(ServerProcess one, ServerProcess two) {
        String before = browser.token();
        assertThat(browser.post(one.url("/logout"), "").status()).isEqualTo(200);
        assertThat(browser.cookie("sid")).as("the cookie after the logout").isNull();
        assertThat(new Browser().withCookie("sid", before).get(two.url("/who")).body())
                .isEqualTo("guest");
        assertThat(get(one, "/journal").body()).isEqualTo("[destroyed with count 5]");
        assertThat(browser.get(two.url("/journal")).body()).isEqualTo("[]");
        assertThat(browser.get(one.url("/count")).body()).isEqualTo("1");
        assertThat(browser.post(one.url("/login"), CREDENTIALS).status()).isEqualTo(200);
        assertThat(browser.get(one.url("/journal")).body())
                .startsWith("[destroyed with count 5, created, ")
                .contains("added count", "new id", "added io.gatehouse.user");
    }
}
