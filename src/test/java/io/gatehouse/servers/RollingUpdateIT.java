package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Two versions of an application with different beans at the same time, and a session that both serve. */
@OnServer
class RollingUpdateIT {
    private final SessionClient member = new SessionClient("/club");

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "before", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive before() {
        return Wars.clubBefore();
    }

    @Deployment(name = "after", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive after() {
        return Wars.clubAfter();
    }

    @Test
    void keepsTheBeansThatBothHaveAndEachItsOwn() {
        Node.start(controller);
        assertThat(member.asks(Node.ONE, "/club/visit")).isEqualTo("1");
        assertThat(member.asks(Node.ONE, "/guestbook")).isEqualTo("1");
        member.asks(Node.ONE, "/club/name?what=Ada");

        assertThat(member.asks(Node.TWO, "/club/visit")).isEqualTo("2");
        assertThat(member.asks(Node.TWO, "/album")).isEqualTo("1");
        assertThat(member.asks(Node.TWO, "/club/name-is")).isEqualTo("Ada");

        assertThat(member.asks(Node.ONE, "/club/visit")).isEqualTo("3");
        assertThat(member.asks(Node.ONE, "/guestbook")).isEqualTo("2");

        assertThat(member.asks(Node.TWO, "/album")).isEqualTo("2");
        assertThat(member.asks(Node.TWO, "/club/log-out")).isEqualTo("done");
        assertThat(new SessionClient("/club").asks(Node.TWO, "/club/journal"))
                .containsOnlyOnce("session of Ada destroyed: logout")
                .containsOnlyOnce("membership ends after 3")
                .containsOnlyOnce("scope destroyed");
    }
}
