package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.PathBrowser;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;

/** Tests an EAR with Gatehouse in each of its WARs. */
@OnServer
class EarIT {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static EnterpriseArchive ear() {
        return Ears.ofGuardedWars();
    }

    @Test
    void keepsTheSessionsOfItsWarsSeparate() {
        PathBrowser browser = new PathBrowser();
        for (String count : new String[] {"1", "2", "3"}) {
            for (String war : new String[] {"/one", "/two"}) {
                assertThat(browser.get(Node.url(Node.ONE, war + "/count")).body())
                        .as(war)
                        .isEqualTo(count);
            }
        }
        assertThat(browser.cookies()).containsExactlyInAnyOrder("sid /one", "sid /two");
    }
}
