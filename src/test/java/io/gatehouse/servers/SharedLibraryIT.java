package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.PathBrowser;
import java.io.IOException;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests an EAR with Gatehouse in its {@code lib}: shared beans act on the WAR whose request calls them. */
@OnServer
class SharedLibraryIT {
    private PathBrowser browser = new PathBrowser();
    /** Each test has its own, because the server caches those of earlier tests. */
    private String key = "";

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static EnterpriseArchive ear() {
        return Ears.withSharedLibrary();
    }

    @BeforeEach
    void reset() {
        browser = new PathBrowser();
        key = "key-" + UUID.randomUUID();
    }

    private String ask(String war, String what) {
        return browser.get(Node.url(Node.ONE, war + "/ask/" + what)).body();
    }

    private String ask(String war, String what, String of) {
        return ask(war, what + "?what=" + of);
    }

    @Test
    void givesEachWarSessionsAndACookieOfItsOwn() {
        for (String count : new String[] {"1", "2"}) {
            assertThat(ask("/first", "count")).isEqualTo(count);
            assertThat(ask("/second", "count")).isEqualTo(count);
        }
        assertThat(browser.cookies()).containsExactlyInAnyOrder("sid /first", "sid /second");

        assertThat(ask("/first", "sign-in", key)).isEqualTo("hello " + key);
        assertThat(ask("/first", "sessions", key)).isEqualTo("1");
        assertThat(ask("/second", "sessions", key)).isEqualTo("0");
    }

    @Test
    void sharedBeansUseTheCacheOfTheCallingWar() {
        assertThat(ask("/first", "put", key)).isEqualTo("none");
        assertThat(ask("/second", "put", key)).isEqualTo("none");
        for (String war : new String[] {"/first", "/second", "/first"}) {
            assertThat(ask(war, "get", key)).isEqualTo(war);
            assertThat(ask(war, "get-through-gatehouse", key)).isEqualTo(war);
            assertThat(ask(war, "get-by-war", key)).isEqualTo(war);
            assertThat(ask(war, "get-by-ejb", key)).isEqualTo(war);
        }
    }

    @Test
    void cachedMethodsOfSharedBeansAreCachedForEachWar() {
        String number = ask("/first", "number", key);
        assertThat(ask("/first", "number", key)).isEqualTo(number);
        assertThat(ask("/second", "number", key)).isNotEqualTo(number).matches("\\d+");
    }

    @Test
    void findsTheJobsOfAWar() {
        ask("/first", "put", "key");
        assertThat(ask("/first", "job")).isEqualTo("filed with /first");
        ask("/second", "put", "key");
        assertThat(ask("/second", "job")).isEqualTo("filed with /second");
    }

    @Test
    void refusesCallsOnBehalfOfNoWar() {
        assertThat(ask("/first", "outside"))
                .isEqualTo("java.lang.IllegalStateException: this thread runs on behalf of no application of Gatehouse;"
                        + " expected a request, or a thread with the class loader, of one of first, second");
    }

    @Test
    void givesAWarWithoutGatehouseNothingOfTheOthers() throws IOException {
        ask("/first", "put", key);
        for (String what : new String[] {"get", "get-through-gatehouse", "get-by-war", "get-by-ejb"}) {
            assertThat(ask("/off", what, key)).as(what).startsWith("thrown ").contains("IllegalStateException");
        }
        if (Server.LIBERTY.isUnderTest()) {
            assertThat(Node.log(Node.ONE)).contains("Open Liberty does not start it from there");
        } else {
            assertThat(ask("/off", "get", key)).contains("Gatehouse is disabled in this application");
        }
    }

    @Test
    void reportsTheHealthOfOneOfItsWars() {
        assertThat(new Browser().get(Node.healthUrl(Node.ONE, "ready")).body())
                .containsPattern("gatehouse-redis/(first|second)");
    }
}
