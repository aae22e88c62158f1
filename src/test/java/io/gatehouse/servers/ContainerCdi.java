package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests CDI and listeners while the server uses the sessions of Gatehouse: Weld works on the requests and sessions of the server. */
public abstract class ContainerCdi {
    private LoginClient member = new LoginClient("/club");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.inContainerMode(Wars.club());
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.inContainerMode(Wars.club());
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        member = new LoginClient("/club");
        new LoginClient("/club").get(Node.ONE, "/club/forget");
        new LoginClient("/club").get(Node.TWO, "/club/forget");
    }

    private String ask(String path) {
        return member.get(Node.ONE, "/club" + path);
    }

    private static String journal(String node) {
        return new LoginClient("/club").get(node, "/club/journal");
    }

    @Test
    void sharesSessionBeansBetweenNodes() {
        for (int visits = 1; visits < 7; visits += 2) {
            assertThat(ask("/visit")).isEqualTo("" + visits);
            assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("" + (visits + 1));
        }
        assertThat(journal(Node.ONE)).containsOnlyOnce("membership begins").doesNotContain("ends", "destroyed");
        assertThat(journal(Node.TWO)).doesNotContain("begins", "ends", "destroyed");
    }

    @Test
    void sharesConversationsBetweenNodes() {
        String cid = ask("/begin");
        assertThat(member.get(Node.TWO, "/club/say?cid=" + cid)).isEqualTo("2");
        assertThat(ask("/say?cid=" + cid)).isEqualTo("3");
        assertThat(member.get(Node.TWO, "/club/end?cid=" + cid)).isEqualTo("3");
        assertThat(member.send(Node.ONE, "/club/say?cid=" + cid).status()).isEqualTo(500);
    }

    @Test
    void injectsTheSessionAndTheRequest() {
        assertThat(ask("/injected")).isEqualTo("true true");
        assertThat(ask("/injected")).isEqualTo("true true");
    }

    @Test
    void notifiesListenersOnce() {
        ask("/name?what=Ada");
        ask("/name?what=Eve");
        ask("/change-id");
        ask("/nameless");
        assertThat(journal(Node.ONE))
                .isEqualTo(
                        "[\"scope begun\", \"session created\", \"listener notified\", \"added Ada\", \"replaced Ada\", \"id changed: true\","
                                + " \"removed Eve\"]");
    }

    @Test
    void endsSessionAndBeansOnceOnTheNodeOfTheLogout() {
        ask("/visit");
        ask("/name?what=Ada");
        member.get(Node.TWO, "/club/visit");
        new LoginClient("/club").get(Node.TWO, "/club/forget");
        assertThat(member.get(Node.TWO, "/club/sign-out")).isEqualTo("done");
        assertThat(journal(Node.TWO))
                .containsOnlyOnce("session of Ada destroyed: logout")
                .containsOnlyOnce("removed Ada")
                .containsOnlyOnce("membership ends after 2")
                .containsOnlyOnce("scope destroyed");
        assertThat(journal(Node.ONE)).doesNotContain("ends", "destroyed");
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void endsOnlyTheBeansOfTheUserWhomAnAdministratorLogsOut() {
        member.get(Node.TWO, "/club/visit");
        member.get(Node.TWO, "/club/name?what=Ada");
        member.get(Node.TWO, "/club/sign-in?what=ada");
        LoginClient administrator = new LoginClient("/club");
        administrator.get(Node.ONE, "/club/visit");
        administrator.get(Node.ONE, "/club/visit");
        administrator.get(Node.ONE, "/club/end-all-of?what=ada");
        assertThat(journal(Node.ONE))
                .containsOnlyOnce("session of Ada destroyed: admin")
                .containsOnlyOnce("membership ends after 1");
        assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("1");
        assertThat(administrator.get(Node.ONE, "/club/visit")).isEqualTo("3");
    }

    @Test
    void providesBeansInAsynchronousDispatchesAndOnErrorPages() {
        assertThat(ask("/async")).isEqualTo("1");
        assertThat(member.send(Node.ONE, "/club/error").body()).isEqualTo("2");
        assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("3");
    }
}
