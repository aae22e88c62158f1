package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.guarded.EachTime;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mechanism of the application's own to which every request proves who is there, on two nodes. */
@OnServer
class MechanismIT {
    private Member member = new Member("/each");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.guardedBy(EachTime.class, "each");
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.guardedBy(EachTime.class, "each");
    }

    @BeforeEach
    void forgetAll() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        Surroundings.redis().flush();
        member = new Member("/each");
    }

    private static String sessionsOf(String user) {
        return new Member("/each").asks("/open/sessions?user=" + user);
    }

    @Test
    void theIdChangesTheRestStaysAndTheSessionIsFiledUnderTheUserOfEachNode() {
        assertThat(member.asks("/open/visit")).isEqualTo("null 1");
        String before = member.token();
        assertThat(member.asksAs("alice", Node.ONE, "/members/visit")).isEqualTo("alice 2");
        String after = member.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(member.asksAs("alice", Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(member.token()).isEqualTo(after);
        assertThat(sessionsOf("alice")).isEqualTo("1");

        assertThat(member.asksAs("bob", Node.TWO, "/members/visit")).isEqualTo("bob 4");
        assertThat(member.token()).isNotEqualTo(after);
        assertThat(sessionsOf("alice")).isEqualTo("0");
        assertThat(sessionsOf("bob")).isEqualTo("1");
    }

    @Test
    void theCallOfAuthenticateDoesTheSame() {
        assertThat(member.asks("/open/visit")).isEqualTo("null 1");
        String before = member.token();
        assertThat(member.asksAs("alice", Node.ONE, "/open/authenticate")).isEqualTo("alice 2");
        assertThat(member.token()).isNotEqualTo(before);
        assertThat(sessionsOf("alice")).isEqualTo("1");
        assertThat(member.sees("/open/authenticate").status()).isEqualTo(401);
    }

    @Test
    void theEndOfTheSessionLeavesNothingBehind() {
        member.asksAs("alice", Node.ONE, "/members/visit");
        assertThat(member.asksAs("alice", Node.TWO, "/open/invalidate")).isEqualTo("alice null");
        assertThat(member.asks("/open/who")).isEqualTo("null null");
        assertThat(member.asks("/open/container")).isEqualTo("none");
        assertThat(member.sees("/members/visit").status()).isEqualTo(401);
        assertThat(sessionsOf("alice")).isEqualTo("0");
    }

    @Test
    void whoProvesHimselfAgainIsThereAgainAfterAnEndByAnAdministrator() {
        member.asksAs("alice", Node.ONE, "/members/visit");
        new Member("/each").asks("/open/terminate?user=alice");
        assertThat(member.asks("/open/who")).isEqualTo("null null");
        assertThat(member.asksAs("alice", Node.TWO, "/members/visit")).isEqualTo("alice 1");
    }
}
