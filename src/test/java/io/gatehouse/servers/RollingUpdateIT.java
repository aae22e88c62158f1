package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests a session that two versions of an application with different beans serve at the same time. */
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
    void keepsSharedBeansAndThoseOfEachVersion() {
        Node.start(controller);
        assertThat(member.get(Node.ONE, "/club/visit")).isEqualTo("1");
        assertThat(member.get(Node.ONE, "/guestbook")).isEqualTo("1");
        member.get(Node.ONE, "/club/name?what=Ada");

        assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("2");
        assertThat(member.get(Node.TWO, "/album")).isEqualTo("1");
        assertThat(member.get(Node.TWO, "/club/name-is")).isEqualTo("Ada");

        assertThat(member.get(Node.ONE, "/club/visit")).isEqualTo("3");
        assertThat(member.get(Node.ONE, "/guestbook")).isEqualTo("2");

        assertThat(member.get(Node.TWO, "/album")).isEqualTo("2");
        assertThat(member.get(Node.TWO, "/club/sign-out")).isEqualTo("done");
        assertThat(new SessionClient("/club").get(Node.TWO, "/club/journal"))
                .containsOnlyOnce("session of Ada destroyed: logout")
                .containsOnlyOnce("membership ends after 3")
                .containsOnlyOnce("scope destroyed");
    }
}
