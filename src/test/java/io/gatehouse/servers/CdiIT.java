package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beans with the scope of a session or a conversation, and the application's listeners, on two servers. */
@OnServer
class CdiIT {
    private Customer member = new Customer("/club");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.club();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.club();
    }

    @BeforeEach
    void forgetAll() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        Surroundings.redis().flush();
        member = new Customer("/club");
        new Customer("/club").asks(Node.ONE, "/club/forget");
        new Customer("/club").asks(Node.TWO, "/club/forget");
    }

    private String ask(String path) {
        return member.asks(Node.ONE, "/club" + path);
    }

    private static String journal(String node) {
        return new Customer("/club").asks(node, "/club/journal");
    }

    @Test
    void sessionBeansLiveInOurSession() {
        assertThat(ask("/visit")).isEqualTo("1");
        assertThat(ask("/visit")).isEqualTo("2");
        assertThat(ask("/visit")).isEqualTo("3");
        assertThat(ask("/container")).isEqualTo("none");
        assertThat(ask("/names")).contains("WELD_S");
    }

    @Test
    void sessionBeansMoveFromNodeToNode() {
        for (int visits = 1; visits < 10; visits += 2) {
            assertThat(member.asks(Node.ONE, "/club/visit")).isEqualTo("" + visits);
            assertThat(member.asks(Node.TWO, "/club/visit")).isEqualTo("" + (visits + 1));
        }
        assertThat(journal(Node.ONE)).contains("membership begins").doesNotContain("ends", "destroyed");
        assertThat(journal(Node.TWO)).doesNotContain("begins", "ends", "destroyed");
    }

    @Test
    void lookingAtABeanSavesNothingAndChangingItSavesOnce() {
        ask("/visit");
        ask("/visits");
        int before = Integer.parseInt(ask("/saves"));
        assertThat(ask("/visits")).isEqualTo("1");
        assertThat(ask("/visits")).isEqualTo("1");
        assertThat(ask("/saves")).isEqualTo("" + before);
        assertThat(ask("/visit")).isEqualTo("2");
        assertThat(ask("/saves")).isEqualTo("" + (before + 1));
    }

    @Test
    void injectedSessionsAndRequestsAreOurs() {
        assertThat(ask("/injected")).isEqualTo("true true");
        assertThat(ask("/injected")).isEqualTo("true true");
    }

    @Test
    void conversationsLiveInOurSession() {
        String cid = ask("/begin");
        assertThat(ask("/say?cid=" + cid)).isEqualTo("2");
        assertThat(member.asks(Node.TWO, "/club/say?cid=" + cid)).isEqualTo("3");
        assertThat(ask("/end?cid=" + cid)).isEqualTo("3");
        member.asks(Node.ONE, "/club/say?cid=" + cid, 500);
        assertThat(ask("/container")).isEqualTo("none");
    }

    @Test
    void beansAreThereInAsynchronousDispatchesAndOnErrorPages() {
        assertThat(ask("/async")).isEqualTo("1");
        assertThat(member.asks(Node.ONE, "/club/error", 409)).isEqualTo("2");
        assertThat(ask("/visit")).isEqualTo("3");
    }

    @Test
    void listenersHearOfAttributesAndOfANewId() {
        ask("/name?what=Ada");
        ask("/name?what=Eve");
        ask("/change-id");
        ask("/nameless");
        assertThat(journal(Node.ONE))
                .isEqualTo(
                        "[\"scope begun\", \"session created\", \"added Ada\", \"replaced Ada\", \"id changed: true\","
                                + " \"removed Eve\"]");
    }

    @Test
    void everythingEndsOnceAtLogOut() {
        ask("/visit");
        ask("/name?what=Ada");
        member.asks(Node.TWO, "/club/visit");
        new Customer("/club").asks(Node.TWO, "/club/forget");

        assertThat(member.asks(Node.TWO, "/club/log-out")).isEqualTo("done");
        assertEnds(Node.TWO, "Ada", "logout", 2);
        assertThat(journal(Node.ONE)).doesNotContain("ends", "destroyed");
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void everythingEndsOnceWhenAnAdministratorEndsIt() {
        member.asks(Node.TWO, "/club/visit");
        member.asks(Node.TWO, "/club/name?what=Ada");
        member.asks(Node.TWO, "/club/log-in?what=ada");
        Customer administrator = new Customer("/club");
        administrator.asks(Node.ONE, "/club/visit");
        administrator.asks(Node.ONE, "/club/visit");
        administrator.asks(Node.ONE, "/club/end-all-of?what=ada");
        assertEnds(Node.ONE, "Ada", "admin", 1);
        assertThat(journal(Node.TWO)).doesNotContain("ends", "destroyed");
        assertThat(member.asks(Node.TWO, "/club/visit")).isEqualTo("1");
        assertThat(administrator.asks(Node.ONE, "/club/visit")).isEqualTo("3");
    }

    @Test
    void valuesHearThatTheyAreBoundStoredReadAndUnbound() {
        ask("/heard");
        ask("/keep?what=ring");
        assertThat(ask("/heard")).isEqualTo("[ring bound while there is null, ring passivating]");
        assertThat(ask("/kept")).isEqualTo("ring");
        assertThat(ask("/heard")).startsWith("[ring activated");
        ask("/keep?what=book");
        assertThat(ask("/heard"))
                .contains("book bound while there is ring", "ring unbound while there is book", "book passivating");
        ask("/throw-away");
        assertThat(ask("/heard")).contains("book unbound while there is null");
        ask("/keep?what=pen");
        ask("/log-out");
        assertThat(ask("/heard")).endsWith("pen unbound while there is null]");
    }

    @Test
    void everythingEndsOnceWhenTheTimeIsOver() {
        ask("/visit");
        ask("/name?what=Ada");
        ask("/short");
        Eventually.within(
                Duration.ofSeconds(45),
                () -> assertThat(journal(Node.ONE) + journal(Node.TWO)).contains("scope destroyed"));
        String node = journal(Node.ONE).contains("scope destroyed") ? Node.ONE : Node.TWO;
        assertEnds(node, "Ada", "expired", 1);
        assertThat(journal(node.equals(Node.ONE) ? Node.TWO : Node.ONE)).doesNotContain("ends", "destroyed");
        assertThat(ask("/visit")).isEqualTo("1");
    }

    private static void assertEnds(String node, String name, String reason, int visits) {
        String journal = journal(node);
        for (String line : new String[] {
            "session of " + name + " destroyed: " + reason,
            "removed " + name,
            "membership ends after " + visits,
            "scope destroyed"
        }) {
            assertThat(journal).containsOnlyOnce("\"" + line + "\"");
        }
        assertThat(journal).containsOnlyOnce("membership ends").containsOnlyOnce("session of");
    }
}
