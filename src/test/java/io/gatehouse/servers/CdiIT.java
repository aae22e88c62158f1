package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Overlap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beans with the scope of a session or a conversation, and the application's listeners, on two servers. */
@OnServer
class CdiIT {
    private static final String FIRST = "first";
    private static final Duration SOON = Duration.ofSeconds(10);

    private SessionClient member = new SessionClient("/club");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @ArquillianResource
    Deployer deployer;

    /** Not managed, so that a test can take it away. */
    @Deployment(name = FIRST, managed = false, testable = false)
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
            deployer.deploy(FIRST);
            Node.start(controller);
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        member = new SessionClient("/club");
        new SessionClient("/club").asks(Node.ONE, "/club/forget");
        new SessionClient("/club").asks(Node.TWO, "/club/forget");
    }

    private String ask(String path) {
        return member.asks(Node.ONE, "/club" + path);
    }

    private static String journal(String node) {
        return new SessionClient("/club").asks(node, "/club/journal");
    }

    @Test
    void aBeanOfTheSessionLosesNothingOfParallelRequests() {
        assertThat(ask("/visit")).isEqualTo("1");
        Overlap.together(4, client -> {
            for (int i = 0; i < 25; i++) {
                Browser.Answer answer = Overlap.same(member.browser()).get(Node.url(Node.ONE, "/club/club/visit"));
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            }
        });
        assertThat(ask("/visit")).isEqualTo("102");
        assertThat(member.asks(Node.TWO, "/club/visits")).isEqualTo("102");
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
                        "[\"scope begun\", \"session created\", \"recruit told\", \"added Ada\", \"replaced Ada\", \"id changed: true\","
                                + " \"removed Eve\"]");
    }

    @Test
    void everythingEndsOnceAtLogOut() {
        ask("/visit");
        ask("/name?what=Ada");
        member.asks(Node.TWO, "/club/visit");
        new SessionClient("/club").asks(Node.TWO, "/club/forget");

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
        SessionClient administrator = new SessionClient("/club");
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

    @Test
    void twoNodesThatCleanUpAtOnceTellOfEachSessionOnce() {
        List<String> names =
                IntStream.range(0, 20).mapToObj(i -> "member-" + i + ".").toList();
        for (String name : names) {
            new SessionClient("/club").asks(name.endsWith("0.") ? Node.TWO : Node.ONE, "/club/name?what=" + name);
        }
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        cleanUpOnBoth();
        String journal = journal(Node.ONE) + journal(Node.TWO);
        for (String name : names) {
            assertThat(journal)
                    .containsOnlyOnce("\"session of " + name + " destroyed: expired\"")
                    .containsOnlyOnce("\"removed " + name + "\"");
        }
    }

    @Test
    void whatExpiredWhileEveryNodeWasDownIsToldOnceWhenTheyAreBack() {
        ask("/visit");
        ask("/name?what=Ada");
        member.asks(Node.TWO, "/club/visit");
        deployer.undeploy(FIRST);
        Node.stop(controller);
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        deployer.deploy(FIRST);
        Node.start(controller);
        cleanUpOnBoth();
        String node = journal(Node.ONE).contains("scope destroyed") ? Node.ONE : Node.TWO;
        assertEnds(node, "Ada", "expired", 2);
        assertThat(journal(node.equals(Node.ONE) ? Node.TWO : Node.ONE)).doesNotContain("ends", "destroyed");
    }

    @Test
    void whatAListenerThrowsReachesTheRequestAndTheOthersHearOfTheEndAllTheSame() {
        ask("/visit");
        ask("/name?what=trouble");
        member.asks(Node.ONE, "/club/log-out", 500);
        assertEnds(Node.ONE, "trouble", "logout", 1);
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void whatAListenerThrowsWithoutARequestIsLoggedAndStopsNothing() {
        int before = failuresInTheLogs();
        for (String name : List.of("trouble", "Ada", "trouble")) {
            new SessionClient("/club").asks(Node.ONE, "/club/name?what=" + name);
        }
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        cleanUpOnBoth();
        assertThat(journal(Node.ONE) + journal(Node.TWO))
                .containsOnlyOnce("session of Ada destroyed: expired")
                .containsPattern("(session of trouble destroyed: expired.*){2}");
        Eventually.holds("logged", SOON, () -> failuresInTheLogs() == before + 2);
    }

    /** Until no session is left; the nodes' own timers may take a part in it. */
    private static void cleanUpOnBoth() {
        Eventually.holds("cleaned up", SOON, () -> {
            CompletableFuture<String> other =
                    CompletableFuture.supplyAsync(() -> new SessionClient("/club").asks(Node.TWO, "/club/clean-up"));
            new SessionClient("/club").asks(Node.ONE, "/club/clean-up");
            other.join();
            return ServerTestEnvironment.redis().keys().stream().noneMatch(key -> key.contains(":s:"));
        });
    }

    private static int failuresInTheLogs() {
        try {
            String logs = Node.log(Node.ONE) + Node.log(Node.TWO);
            return logs.split("a listener failed at the end of", -1).length - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
