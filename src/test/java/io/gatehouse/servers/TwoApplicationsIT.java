package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.PathBrowser;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests two applications on one server. Open Liberty reports the cookie path {@code /} if none is configured. */
@OnServer
class TwoApplicationsIT {

    @Deployment(name = "one", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive one() {
        return Wars.counting("one");
    }

    @Deployment(name = "two", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive two() {
        return Wars.counting("two");
    }

    @Test
    void keepsTheSessionsOfTwoApplicationsSeparate() {
        PathBrowser browser = new PathBrowser();
        for (String count : new String[] {"1", "2", "3"}) {
            for (String application : new String[] {"/one", "/two"}) {
                assertThat(browser.get(Node.url(Node.ONE, application + "/count"))
                                .body())
                        .as(application)
                        .isEqualTo(count);
            }
        }
        assertThat(browser.cookies()).containsExactlyInAnyOrder("sid /one", "sid /two");
    }
}
