package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that is cut off by an id change on another node, and does not know it, changes no index of the session. */
@RedisTest
class CutOffTest {
    private final RedisConnections connections =
            Connections.to(TestRedis.shared().url());
    private final Node node = new Node(connections);
    private final Node other = new Node(connections);

    @AfterEach
    void close() {
        connections.close();
    }

    /** Changes the id on the other node, and returns the session, which is released. */
    private Session changeId(String token) {
        Session session = other.mustOpen(token);
        session.changeId();
        assertThat(other.sessions.save(session)).isTrue();
        other.sessions.release(session);
        return session;
    }

    @Test
    void itsLogoutLeavesTheSessionInTheIndexes() {
        String token =
                node.stored(Session.USER_ATTRIBUTE, "alice", Session.PROVIDER_SESSION_ATTRIBUTE, "session-of-provider");
        Session cutOff = node.mustOpen(token);
        Session changed = changeId(token);
        node.sessions.invalidate(cutOff);
        node.sessions.release(cutOff);
        assertThat(node.manager.getUserSessions("alice")).hasSize(1);
        assertThat(node.manager.terminateProviderSession("session-of-provider").ended())
                .isEqualTo(1);
        assertThat(other.open(other.sessions.token(changed))).isNull();
    }

    @Test
    void itsChangeOfTheUserLeavesTheSessionInTheIndex() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        Session cutOff = node.mustOpen(token);
        Session unused = changeId(token);
        cutOff.removeAttribute(Session.USER_ATTRIBUTE);
        assertThat(node.sessions.save(cutOff)).isFalse();
        node.sessions.release(cutOff);
        assertThat(node.manager.getUserSessions("alice")).hasSize(1);
    }

    @Test
    void itsLoginDoesNotBringBackASessionThatWasSignedOut() {
        String token = node.stored("a", 1);
        Session cutOff = node.mustOpen(token);
        Session session = other.mustOpen(token);
        session.changeId();
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        assertThat(other.sessions.save(session)).isTrue();
        String signedOut = other.sessions.token(session);
        other.sessions.release(session);
        other.loseFromIndex(session);
        other.manager.terminateUserSessions("alice", null);
        assertThat(other.open(signedOut)).isNull();

        cutOff.setAttribute(Session.USER_ATTRIBUTE, "alice");
        assertThat(node.sessions.save(cutOff)).isFalse();
        node.sessions.release(cutOff);
        assertThat(other.open(signedOut)).isNull();
    }
}
