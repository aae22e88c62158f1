package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser.Answer;

/**
 * A user whom the server of {@link io.gatehouse.servers.plain.VisitServlet} logs in by FORM while it uses the sessions of Gatehouse: each
 * step goes to another of two nodes, and then the second one is killed.
 */
public final class FormScenario {
    private FormScenario() {}

    /**
     * Plays the scenario.
     *
     * @param application the context path
     * @param killTwo kills the second node
     */
    public static void play(String application, Runnable killTwo) {
        LoginClient client = new LoginClient(application);
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        String before = client.token();
        assertThat(client.submit(Node.TWO, "alice", "wrong").body()).isEqualTo("please log in");
        assertThat(client.post(Node.ONE, "/members/say", "text=hello").body()).isEqualTo("please log in");
        Answer login = client.submit(Node.TWO, "alice", "alice");
        assertThat(login.status()).as(login.body()).isIn(302, 303);
        assertThat(login.header("location")).endsWith(application + "/members/say");
        assertThat(client.get(Node.TWO, "/members/say")).isEqualTo("alice posts hello");
        assertThat(client.token()).as("the cookie after the login").isNotEqualTo(before);
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 2");
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");

        LoginClient thief = new LoginClient(application);
        thief.browser().withCookie("sid", before);
        assertThat(thief.get(Node.TWO, "/members/visit")).isEqualTo("please log in");

        killTwo.run();
        assertThat(client.get(Node.ONE, "/members/visit"))
                .as("after the other node was killed")
                .isEqualTo("alice 4");
        assertThat(client.get(Node.ONE, "/open/end")).isEqualTo("ended");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("please log in");
    }
}
