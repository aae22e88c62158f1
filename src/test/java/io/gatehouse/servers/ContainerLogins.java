package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests users whom the server logs in by FORM or {@code login()} while it uses the sessions of Gatehouse, on two nodes. */
public abstract class ContainerLogins {
    private LoginClient client = new LoginClient("/guarded");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.inContainerMode(Wars.guarded());
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.inContainerMode(Wars.guarded());
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        client = new LoginClient("/guarded");
    }

    /** Returns whether the server also changes the id when it sends the login page and when it continues the request that waited. */
    protected abstract boolean changesTheIdBeforeAndAfter();

    /** Returns whether a redirect to the location lets the server continue the request that waited at a URL. */
    protected abstract boolean continues(@Nullable String location, String url);

    /** Returns texts in the stored form of a request that waits for the login. */
    protected abstract List<String> stored();

    private static String sessionsOfAlice() {
        return new LoginClient("/guarded").get(Node.ONE, "/open/sessions?user=alice");
    }

    @Test
    void knowsAUserOfAFormLoginOnBothNodes() {
        assertThat(client.logIn(Node.ONE, "/members/visit")).isEqualTo("alice 1");
        for (int visits = 2; visits < 8; visits += 2) {
            assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice " + visits);
            assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice " + (visits + 1));
        }
        assertThat(sessionsOfAlice()).isEqualTo("1");
    }

    @Test
    void changesTheIdAtALoginAndKeepsTheAttributes() {
        assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 1");
        String first = client.token();
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("please log in");
        String before = client.token();
        assertThat(before.equals(first)).isEqualTo(!changesTheIdBeforeAndAfter());
        assertThat(client.submit(Node.TWO, "alice", "alice").status()).isIn(302, 303);
        String login = client.token();
        assertThat(login).isNotEqualTo(before);
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 2");
        String after = client.token();
        assertThat(after.equals(login)).isEqualTo(!changesTheIdBeforeAndAfter());
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(client.token()).isEqualTo(after);

        LoginClient thief = new LoginClient("/guarded");
        thief.browser().withCookie("sid", before);
        assertThat(thief.get(Node.ONE, "/open/who")).isEqualTo("null null");
        assertThat(thief.get(Node.TWO, "/members/visit")).isEqualTo("please log in");
    }

    @Test
    void filesTheSessionUnderTheUserWithTheLoginItself() {
        client.get(Node.ONE, "/members/visit");
        client.submit(Node.ONE, "alice", "alice");
        assertThat(sessionsOfAlice()).isEqualTo("1");
    }

    @Test
    void continuesARequestThatWaitedForTheLoginOnTheOtherNode() {
        assertThat(client.post(Node.ONE, "/members/say", "text=hello").body()).isEqualTo("please log in");
        Answer answer = client.submit(Node.TWO, "alice", "alice");
        String location = answer.header("location");
        assertThat(continues(location, client.url(Node.ONE, "/members/say")))
                .as(location)
                .isTrue();
        assertThat(client.get(Node.TWO, "/members/say")).isEqualTo("alice posts hello");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 1");
    }

    @Test
    void endsALoginOnBothNodesWithTheSession() {
        client.logIn(Node.ONE, "/members/visit");
        String token = client.token();
        assertThat(client.get(Node.TWO, "/open/invalidate"))
                .isEqualTo("alice null"); // the login ends with this request
        client.browser().withCookie("sid", token);
        for (String node : List.of(Node.ONE, Node.TWO)) {
            assertThat(client.get(node, "/open/who")).isEqualTo("null null");
            client.browser().withCookie("sid", token);
            assertThat(client.get(node, "/members/visit")).isEqualTo("please log in");
            client.browser().withCookie("sid", token);
        }
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void endsALoginWithoutASecondRequestWhenAnAdministratorEndsTheSession() {
        client.logIn(Node.ONE, "/members/visit");
        new LoginClient("/guarded").get(Node.TWO, "/open/terminate?user=alice");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("please log in");
        assertThat(client.get(Node.ONE, "/open/who")).isEqualTo("null null");
        assertThat(client.logIn(Node.TWO, "/members/visit")).isEqualTo("alice 1");
    }

    @Test
    void knowsAUserOfACallOfLoginOnBothNodesUntilLogout() {
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        String before = client.token();
        assertThat(client.get(Node.ONE, "/open/login?user=alice")).isEqualTo("alice alice");
        assertThat(client.token()).isNotEqualTo(before);
        assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("alice 2");
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(client.get(Node.TWO, "/open/logout")).isEqualTo("null null");
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 4");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("please log in");
    }

    @Test
    void storesNeitherPasswordsNorCookies() {
        client.get(Node.ONE, "/open/visit");
        client.post(Node.ONE, "/members/say", "text=hello");
        String before = client.token();
        client.submit(Node.ONE, "alice", "alice");
        String everything = everythingInRedis();
        assertThat(everything).contains(stored()).doesNotContain(before, client.token(), "j_password");
    }

    @Test
    void keepsUsersWhenTheirNodeIsKilled() {
        assertThat(client.logIn(Node.TWO, "/members/visit")).isEqualTo("alice 1");
        JvmOfNode.kill(Node.TWO);
        try {
            assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 2");
        } finally {
            Node.start(controller);
        }
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
    }

    /** Returns all session records, with the fields that are in base64url also in plain text. */
    private static String everythingInRedis() {
        StringBuilder text = new StringBuilder();
        for (String key : ServerTestEnvironment.redis().keys()) {
            if (key.contains(":s:")) {
                ServerTestEnvironment.redis()
                        .hash(key)
                        .forEach((field, value) -> text.append(new String(field, StandardCharsets.ISO_8859_1))
                                .append(new String(value, StandardCharsets.ISO_8859_1)));
            }
        }
        StringBuilder plain = new StringBuilder(text);
        for (String word : text.toString().split("[^A-Za-z0-9_-]+", -1)) {
            if (word.length() % 4 != 1) {
                plain.append(' ').append(new String(Base64.getUrlDecoder().decode(word), StandardCharsets.UTF_8));
            }
        }
        return plain.toString();
    }
}
