package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Overlap;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests session-scoped and conversation-scoped beans, and the application's listeners, on two servers. */
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

    /** Not managed, so that a test can undeploy it. */
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
    void reset() {
        if (!started) {
            deployer.deploy(FIRST);
            Node.start(controller);
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        member = new SessionClient("/club");
        new SessionClient("/club").get(Node.ONE, "/club/forget");
        new SessionClient("/club").get(Node.TWO, "/club/forget");
    }

    private String ask(String path) {
        return member.get(Node.ONE, "/club" + path);
    }

    @Test
    void losesNoUpdateOfASessionBeanByParallelRequests() {
        assertThat(ask("/visit")).isEqualTo("1");
        Overlap.together(4, client -> {
            for (int i = 0; i < 25; i++) {
                Browser.Answer answer = Overlap.same(member.browser()).get(Node.url(Node.ONE, "/club/club/visit"));
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            }
        });
        assertThat(ask("/visit")).isEqualTo("102");
        assertThat(member.get(Node.TWO, "/club/visits")).isEqualTo("102");
    }

    @Test
    void storesSessionBeansInTheSessionOfGatehouse() {
        assertThat(ask("/visit")).isEqualTo("1");
        assertThat(ask("/visit")).isEqualTo("2");
        assertThat(ask("/visit")).isEqualTo("3");
        assertThat(ask("/container")).isEqualTo("none");
        assertThat(ask("/names")).contains("WELD_S");
    }

    @Test
    void sharesSessionBeansBetweenNodes() {
        for (int visits = 1; visits < 10; visits += 2) {
            assertThat(member.get(Node.ONE, "/club/visit")).isEqualTo("" + visits);
            assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("" + (visits + 1));
        }
        assertThat(ClubNodes.journal(Node.ONE)).contains("membership begins").doesNotContain("ends", "destroyed");
        assertThat(ClubNodes.journal(Node.TWO)).doesNotContain("begins", "ends", "destroyed");
    }

    @Test
    void savesABeanOnceWhenItChangesAndNotWhenItIsRead() {
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
    void injectsTheSessionAndRequestOfGatehouse() {
        assertThat(ask("/injected")).isEqualTo("true true");
        assertThat(ask("/injected")).isEqualTo("true true");
    }

    @Test
    void storesConversationsInTheSessionOfGatehouse() {
        String cid = ask("/begin");
        assertThat(ask("/say?cid=" + cid)).isEqualTo("2");
        assertThat(member.get(Node.TWO, "/club/say?cid=" + cid)).isEqualTo("3");
        assertThat(ask("/end?cid=" + cid)).isEqualTo("3");
        member.get(Node.ONE, "/club/say?cid=" + cid, 500);
        assertThat(ask("/container")).isEqualTo("none");
    }

    @Test
    void providesBeansInAsynchronousDispatchesAndOnErrorPages() {
        assertThat(ask("/async")).isEqualTo("1");
        assertThat(member.get(Node.ONE, "/club/error", 409)).isEqualTo("2");
        assertThat(ask("/visit")).isEqualTo("3");
    }

    @Test
    void notifiesListenersOfAttributesAndANewId() {
        ask("/name?what=Ada");
        ask("/name?what=Eve");
        ask("/change-id");
        ask("/nameless");
        assertThat(ClubNodes.journal(Node.ONE))
                .isEqualTo(
                        "[\"scope begun\", \"session created\", \"listener notified\", \"added Ada\", \"replaced Ada\", \"id changed: true\","
                                + " \"removed Eve\"]");
    }

    @Test
    void endsSessionAndBeansOnceAtLogout() {
        ask("/visit");
        ask("/name?what=Ada");
        member.get(Node.TWO, "/club/visit");
        new SessionClient("/club").get(Node.TWO, "/club/forget");

        assertThat(member.get(Node.TWO, "/club/sign-out")).isEqualTo("done");
        ClubNodes.assertEnds(Node.TWO, "Ada", "logout", 2);
        assertThat(ClubNodes.journal(Node.ONE)).doesNotContain("ends", "destroyed");
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void endsSessionAndBeansOnceWhenAnAdministratorEndsThem() {
        member.get(Node.TWO, "/club/visit");
        member.get(Node.TWO, "/club/name?what=Ada");
        member.get(Node.TWO, "/club/sign-in?what=ada");
        SessionClient administrator = new SessionClient("/club");
        administrator.get(Node.ONE, "/club/visit");
        administrator.get(Node.ONE, "/club/visit");
        administrator.get(Node.ONE, "/club/end-all-of?what=ada");
        ClubNodes.assertEnds(Node.ONE, "Ada", "admin", 1);
        assertThat(ClubNodes.journal(Node.TWO)).doesNotContain("ends", "destroyed");
        assertThat(member.get(Node.TWO, "/club/visit")).isEqualTo("1");
        assertThat(administrator.get(Node.ONE, "/club/visit")).isEqualTo("3");
    }

    @Test
    void notifiesValuesWhenTheyAreBoundStoredReadAndUnbound() {
        ask("/events");
        ask("/keep?what=ring");
        assertThat(ask("/events")).isEqualTo("[ring bound while there is null, ring passivating]");
        assertThat(ask("/kept")).isEqualTo("ring");
        assertThat(ask("/events")).startsWith("[ring activated");
        ask("/keep?what=book");
        assertThat(ask("/events"))
                .contains("book bound while there is ring", "ring unbound while there is book", "book passivating");
        ask("/discard");
        assertThat(ask("/events")).contains("book unbound while there is null");
        ask("/keep?what=pen");
        ask("/sign-out");
        assertThat(ask("/events")).endsWith("pen unbound while there is null]");
    }

    @Test
    void endsSessionAndBeansOnceAtExpiry() {
        ask("/visit");
        ask("/name?what=Ada");
        ask("/short");
        Eventually.within(
                Duration.ofSeconds(45),
                () -> assertThat(ClubNodes.journal(Node.ONE) + ClubNodes.journal(Node.TWO))
                        .contains("scope destroyed"));
        String node = ClubNodes.journal(Node.ONE).contains("scope destroyed") ? Node.ONE : Node.TWO;
        ClubNodes.assertEnds(node, "Ada", "expired", 1);
        assertThat(ClubNodes.journal(node.equals(Node.ONE) ? Node.TWO : Node.ONE))
                .doesNotContain("ends", "destroyed");
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void notifiesOfEachSessionOnceIfTwoNodesCleanUpAtTheSameTime() {
        List<String> names =
                IntStream.range(0, 20).mapToObj(i -> "member-" + i + ".").toList();
        for (String name : names) {
            new SessionClient("/club").get(name.endsWith("0.") ? Node.TWO : Node.ONE, "/club/name?what=" + name);
        }
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        ClubNodes.cleanUpOnBoth();
        String journal = ClubNodes.journal(Node.ONE) + ClubNodes.journal(Node.TWO);
        for (String name : names) {
            assertThat(journal)
                    .containsOnlyOnce("\"session of " + name + " destroyed: expired\"")
                    .containsOnlyOnce("\"removed " + name + "\"");
        }
    }

    @Test
    void notifiesOnceAfterARestartOfSessionsThatExpiredWhileAllNodesWereDown() {
        ask("/visit");
        ask("/name?what=Ada");
        member.get(Node.TWO, "/club/visit");
        deployer.undeploy(FIRST);
        Node.stop(controller);
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        deployer.deploy(FIRST);
        Node.start(controller);
        ClubNodes.cleanUpOnBoth();
        String node = ClubNodes.journal(Node.ONE).contains("scope destroyed") ? Node.ONE : Node.TWO;
        ClubNodes.assertEnds(node, "Ada", "expired", 2);
        assertThat(ClubNodes.journal(node.equals(Node.ONE) ? Node.TWO : Node.ONE))
                .doesNotContain("ends", "destroyed");
    }

    @Test
    void passesAnExceptionOfAListenerToTheRequestAndStillNotifiesTheOthers() {
        ask("/visit");
        ask("/name?what=trouble");
        member.get(Node.ONE, "/club/sign-out", 500);
        ClubNodes.assertEnds(Node.ONE, "trouble", "logout", 1);
        assertThat(ask("/visit")).isEqualTo("1");
    }

    @Test
    void logsAnExceptionOfAListenerOutsideRequestsAndContinues() {
        int before = ClubNodes.failuresInTheLogs();
        for (String name : List.of("trouble", "Ada", "trouble")) {
            new SessionClient("/club").get(Node.ONE, "/club/name?what=" + name);
        }
        RedisClockShift.makeIdle(ServerTestEnvironment.redis());
        ClubNodes.cleanUpOnBoth();
        assertThat(ClubNodes.journal(Node.ONE) + ClubNodes.journal(Node.TWO))
                .containsOnlyOnce("session of Ada destroyed: expired")
                .containsPattern("(session of trouble destroyed: expired.*){2}");
        Eventually.holds("the failures are logged", SOON, () -> ClubNodes.failuresInTheLogs() == before + 2);
    }
}
