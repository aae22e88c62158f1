package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The lifetimes of sessions by policy, the rotation of ids, and remembered sessions. */
@RedisTest
class LifetimesTest {
    private static TestRedis redis;
    private static RedisConnections connections;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    private static Node node(String... namesAndValues) {
        Map<String, String> settings = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put("GATEHOUSE_SESSION_" + namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Node(connections, Node.settings(false, settings));
    }

    private static Duration lifetime(Session session) {
        return Duration.between(
                session.createdAt(), Objects.requireNonNull(session.facts().expiresAt()));
    }

    @Test
    void aPolicyDeterminesTheAbsoluteEndAndLimitsTheIdleTimeout() {
        assertThat(lifetime(node().create())).isEqualTo(Duration.ofHours(12));
        assertThat(lifetime(node("POLICY", "aal1").create())).isEqualTo(Duration.ofDays(30));
        assertThat(lifetime(node("POLICY", "AAL2").create())).isEqualTo(Duration.ofHours(24));
        assertThat(lifetime(node("POLICY", "AAL2", "ABSOLUTE_TIMEOUT", "2h").create()))
                .isEqualTo(Duration.ofHours(2));

        Session strict = node("POLICY", "AAL3").sessions.create(0, Map.of());
        assertThat(strict.idleSeconds()).isEqualTo(900);
        strict.setIdleSeconds(60);
        assertThat(strict.idleSeconds()).isEqualTo(60);
        strict.setIdleSeconds(-1);
        assertThat(strict.idleSeconds()).isEqualTo(900);
        strict.setIdleSeconds(901);
        assertThat(strict.idleSeconds()).isEqualTo(900);
    }

    @Test
    void anAbsoluteTimeoutBeyondThePolicyIsRejected() {
        assertThatThrownBy(() -> node("POLICY", "AAL3", "ABSOLUTE_TIMEOUT", "13h"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("expected at most 12h, because GATEHOUSE_SESSION_POLICY is AAL3");
        assertThatThrownBy(() -> node("POLICY", "AAL2", "ABSOLUTE_TIMEOUT", "0"))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void anOldIdIsRotatedAndConcurrentRequestsWithItAreAccepted() {
        Node node = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "1h");
        String old = node.stored("a", 1);
        Eventually.nextMillisecond();
        Session session = node.mustOpen(old);
        assertThat(session.rotateIfDue()).isNotNull();
        assertThat(session.rotateIfDue()).isNull();
        assertThat(session.id()).endsWith(".1");
        assertThat(node.sessions.save(session)).isTrue();
        String fresh = node.sessions.token(session);
        node.sessions.release(session);
        assertThat(fresh).isNotEqualTo(old);

        Session late = node.mustOpen(old);
        assertThat(node.sessions.token(late))
                .as("the client receives the new token")
                .isEqualTo(fresh);
        node.sessions.release(late);
        node.sessions.release(node.mustOpen(fresh));
    }

    @Test
    void theOldIdIsRejectedAfterTheGraceTime() {
        Node node = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "0");
        String old = node.stored("a", 1);
        Eventually.nextMillisecond();
        Session session = node.mustOpen(old);
        session.rotateIfDue();
        node.sessions.save(session);
        node.sessions.release(session);
        Eventually.nextMillisecond();
        assertThat(node.open(old)).isNull();
        assertThat(node.sessions.counters().of(SessionEvent.TOKEN_REUSED)).isEqualTo(1);
    }

    @Test
    void aRotatedIdIsNotRotatedAgainBeforeTheInterval() {
        Node node = node("ROTATION_INTERVAL", "1h", "ROTATION_GRACE", "10s");
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        assertThat(session.rotateIfDue()).isNull();
        session.changeId();
        node.sessions.save(session);
        node.sessions.release(session);
        Session again = node.mustOpen(node.sessions.token(session));
        assertThat(again.id()).endsWith(".1");
        assertThat(again.rotateIfDue()).isNull();
        assertThat(node.sessions.save(again)).isTrue();
        assertThat(node.sessions.counters().of(SessionEvent.SAVED))
                .as("nothing changed")
                .isEqualTo(1);
        node.sessions.release(again);
    }

    /** A login must invalidate a token that an attacker has planted (session fixation). */
    @Test
    void theIdBeforeALoginHasNoGraceTime() {
        Node node = node("ROTATION_INTERVAL", "1h", "ROTATION_GRACE", "1h");
        String fixed = node.stored("a", 1);
        Session session = node.mustOpen(fixed);
        session.changeId();
        node.sessions.save(session);
        node.sessions.release(session);
        Eventually.nextMillisecond();
        assertThat(node.open(fixed)).isNull();
    }

    @Test
    void aRememberedSessionHasALaterEndAndNoIdleTimeoutUntilItIsForgotten() {
        Node node = node("REMEMBER_TIMEOUT", "7d");
        String token = node.stored(Session.REMEMBER_ATTRIBUTE, true, Session.USER_ATTRIBUTE, "alice");
        Session session = node.mustOpen(token);
        assertThat(session.facts().remembered()).isTrue();
        assertThat(session.idleSeconds()).isZero();
        assertThat(lifetime(session)).isEqualTo(Duration.ofDays(7));

        session.setAttribute(Session.REMEMBER_ATTRIBUTE, "true");
        assertThat(session.facts().remembered()).as("a text is not true").isFalse();
        session.removeAttribute(Session.REMEMBER_ATTRIBUTE);
        assertThat(session.facts().remembered()).isFalse();
        assertThat(lifetime(session)).isEqualTo(Duration.ofHours(12));
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(node.sessions.token(session)).as("the end is in the token").isNotEqualTo(token);
        assertThat(node.manager.getUserSessions("alice")).hasSize(1);
    }

    @Test
    void aPolicyLimitsRememberedSessions() {
        Node node = node("POLICY", "AAL2");
        Session session = node.create();
        session.setAttribute(Session.REMEMBER_ATTRIBUTE, true);
        assertThat(lifetime(session)).isEqualTo(Duration.ofHours(24));
        assertThat(session.idleSeconds()).isEqualTo(3600);
    }

    @Test
    void aSessionRecordsTheLastAuthenticationOfItsUser() {
        Node node = node();
        Session session = node.create();
        assertThat(session.facts().authenticatedAt()).isNull();
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        assertThat(session.facts().authenticatedAt()).isEqualTo(session.createdAt());
        node.sessions.save(session);
        node.sessions.release(session);
        Eventually.nextMillisecond();

        Session later = node.mustOpen(node.sessions.token(session));
        later.authenticated();
        node.sessions.save(later);
        node.sessions.release(later);
        Instant stepUp = Objects.requireNonNull(
                node.mustOpen(node.sessions.token(session)).facts().authenticatedAt());
        assertThat(stepUp).isAfter(session.createdAt());
        assertThat(later.facts().isAuthenticatedWithin(Duration.ZERO)).isTrue();
        assertThat(session.facts().isAuthenticatedWithin(Duration.ofMinutes(1))).isTrue();
        assertThat(node.create().facts().isAuthenticatedWithin(Duration.ofDays(1)))
                .isFalse();
    }

    @Test
    void reusingATokenAfterARotationEndsTheSessionIfConfigured() {
        for (String reaction : List.of("report", "end")) {
            Node node = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "0", "TOKEN_REUSE", reaction);
            String old = node.stored("a", 1);
            Eventually.nextMillisecond();
            Session session = node.mustOpen(old);
            session.rotateIfDue();
            node.sessions.save(session);
            node.sessions.release(session);
            String fresh = node.sessions.token(session);
            Eventually.nextMillisecond();
            try (LogCapture log = new LogCapture("io.gatehouse.internal.session")) {
                assertThat(node.open(old)).isNull();
                assertThat(log.lines()).anyMatch(line -> line.matches("WARNING Rejected .*: token_reused"));
            }
            assertThat(node.sessions.counters().of(SessionEvent.TOKEN_REUSED)).isEqualTo(1);
            Session after = node.open(fresh);
            assertThat(after == null).isEqualTo(reaction.equals("end"));
            if (after != null) {
                node.sessions.release(after);
            }
            assertThat(node.sessions.counters().ended(EndReason.REUSED)).isEqualTo(reaction.equals("end") ? 1 : 0);
        }
    }

    @Test
    void aTokenFromBeforeALoginIsRejectedWithoutEndingTheSession() {
        Node node = node("TOKEN_REUSE", "end");
        String old = node.stored("a", 1);
        Session session = node.mustOpen(old);
        session.changeId();
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(node.open(old)).isNull();
        assertThat(node.sessions.counters().of(SessionEvent.TOKEN_REUSED)).isZero();
        assertThat(node.get(node.sessions.token(session), "a")).isEqualTo(1);
    }

    @Test
    void anIdChangeWithoutGraceTimeReplacesARotationOfAnotherNode() {
        Node one = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "1h");
        Node two = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "1h");
        String old = one.stored("a", 1);
        Eventually.nextMillisecond();
        Session rotating = one.mustOpen(old);
        Session login = two.mustOpen(old);
        assertThat(rotating.rotateIfDue()).isNotNull();
        login.changeId();
        assertThat(one.sessions.save(rotating)).isTrue();
        String rotated = one.sessions.token(rotating);
        assertThat(two.sessions.save(login)).isTrue();
        assertThat(login.id()).endsWith(".2");
        rotating.setAttribute("late", 1);
        assertThat(one.sessions.save(rotating)).isFalse();
        assertThat(rotating.isCutOff()).isTrue();
        one.sessions.release(rotating);
        two.sessions.release(login);
        assertThat(one.open(old)).isNull();
        assertThat(one.open(rotated)).isNull();
        assertThat(one.get(two.sessions.token(login), "late")).isNull();
    }

    @Test
    void concurrentRotationsOfTwoNodesCountAsOne() {
        Node one = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "1h");
        Node two = node("ROTATION_INTERVAL", "1ms", "ROTATION_GRACE", "1h");
        String old = one.stored("a", 1);
        Eventually.nextMillisecond();
        Session here = one.mustOpen(old);
        Session there = two.mustOpen(old);
        assertThat(here.rotateIfDue()).isNotNull();
        assertThat(there.rotateIfDue()).isNotNull();
        there.setAttribute("b", 2);
        assertThat(one.sessions.save(here)).isTrue();
        assertThat(two.sessions.save(there)).isTrue();
        assertThat(two.sessions.token(there)).isEqualTo(one.sessions.token(here));
        assertThat(there.id()).endsWith(".1");
        one.sessions.release(here);
        two.sessions.release(there);
    }

    @Test
    void aLoginThatCouldNotBeStoredIsNotSharedWithOtherRequests() {
        Node node = node();
        String old = node.stored("a", 1);
        Session login = node.mustOpen(old);
        login.changeId();
        login.setAttribute("secret", 1);
        node.sessions.release(login);
        node.sessions.acquire(login);
        Session other = node.mustOpen(old);
        assertThat(other.attribute("secret", Node.LOADER)).isNull();
        node.sessions.release(other);
        node.sessions.release(login);
        assertThat(node.sessions.inUse()).isZero();
    }
}
