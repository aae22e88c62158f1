package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A save that Redis has executed, but whose reply is lost: the next request of the node meets a revision of its own. */
@RedisTest
class LostReplyTest {
    private final TestRedis redis = TestRedis.shared();
    private final RedisConnections connections = Connections.to(redis.url());
    private final SteppedRedis stepped = new SteppedRedis(connections);
    private final Node node = new Node(stepped.connections());
    private final Node other = new Node(connections);
    private String token = "";
    private Session failing = node.create();
    private Session next = failing;

    @BeforeEach
    void open() {
        node.sessions.release(failing);
        token = node.stored("a", 0);
        failing = node.mustOpen(token);
        next = node.mustOpen(token);
    }

    @AfterEach
    void close() {
        node.sessions.release(failing);
        node.sessions.release(next);
        connections.close();
    }

    private void saveWithoutReply(Session session) {
        stepped.loseNextReplies();
        assertThatThrownBy(() -> node.sessions.save(session)).isInstanceOf(RedisUnavailableException.class);
    }

    @Test
    void anAttributeThatIsRemovedAfterwardsStaysRemoved() {
        failing.setAttribute("added", 1);
        saveWithoutReply(failing);
        next.removeAttribute("added");
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(next.attribute("added", Node.LOADER)).isNull();
        assertThat(other.get(token, "added")).isNull();
    }

    @Test
    void anAttributeThatIsRemovedAfterwardsIsNotReadAgain() {
        failing.setAttribute("added", 1);
        saveWithoutReply(failing);
        next.removeAttribute("added");
        other.set(token, "b", 1);
        Session reader = node.mustOpen(token);
        assertThat(reader.attribute("b", Node.LOADER)).isEqualTo(1);
        assertThat(reader.attribute("added", Node.LOADER)).isNull();
        node.sessions.release(reader);
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(other.get(token, "added")).isNull();
    }

    @Test
    void anAttributeThatIsSetBackAfterwardsIsStored() {
        failing.setAttribute("a", 1);
        saveWithoutReply(failing);
        next.setAttribute("a", 0);
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(other.get(token, "a")).isEqualTo(0);
    }

    @Test
    void aLaterChangeOfAnotherNodeIsKept() {
        failing.setAttribute("a", 1);
        saveWithoutReply(failing);
        other.set(token, "a", 2);
        next.setAttribute("b", 1);
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(next.attribute("a", Node.LOADER)).isEqualTo(2);
        assertThat(other.get(token, "a")).isEqualTo(2);
    }

    @Test
    void anIdIsChangedOnce() {
        failing.changeId();
        saveWithoutReply(failing);
        failing.setAttribute("b", 1);
        assertThat(node.sessions.save(failing)).isTrue();
        assertThat(failing.isCutOff()).isFalse();
        assertThat(next.isCutOff()).isTrue();
        assertThat(failing.live().metadata().epoch()).isEqualTo(1);
        assertThat(other.open(token)).isNull();
        assertThat(other.get(node.sessions.token(failing), "a")).isEqualTo(0);
    }

    @Test
    void theRequestThatHasChangedTheIdCanEndTheSession() {
        failing.changeId();
        saveWithoutReply(failing);
        node.sessions.invalidate(failing);
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aNewSessionCanBeEnded() {
        Session fresh = node.create();
        Set<String> before = redis.keys();
        saveWithoutReply(fresh);
        node.sessions.invalidate(fresh);
        node.sessions.release(fresh);
        assertThat(redis.keys()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void theSessionIsIndexedUnderItsUser() {
        failing.setAttribute(Session.USER_ATTRIBUTE, "alice");
        saveWithoutReply(failing);
        node.loseFromIndex(failing);
        next.setAttribute("b", 1);
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(node.manager.getUserSessions("alice")).hasSize(1);
    }

    @Test
    void aSignOutAfterwardsIsKept() {
        failing.setAttribute(Session.USER_ATTRIBUTE, "alice");
        saveWithoutReply(failing);
        node.loseFromIndex(failing);
        other.manager.terminateUserSessions("alice", null);
        assertThat(node.sessions.save(next)).isTrue();
        assertThat(other.open(token)).isNull();
    }

    @Test
    void aNewSessionThatEndsWhileItIsStoredStaysEnded() {
        Session fresh = node.create();
        Set<String> before = redis.keys();
        Session same = node.sessions.findByToken(node.sessions.ticket(fresh), fresh);
        assertThat(same).isNotNull();
        Thread ending = new Thread(() -> node.sessions.invalidate(same));
        stepped.afterNext(() -> {
            ending.start();
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(!ending.isAlive() || fresh.live().saving.hasQueuedThreads())
                            .isTrue());
        });
        node.sessions.save(fresh);
        Eventually.within(
                Duration.ofSeconds(10), () -> assertThat(ending.isAlive()).isFalse());
        node.sessions.release(fresh);
        node.sessions.release(same);
        assertThat(redis.keys()).containsExactlyInAnyOrderElementsOf(before);
    }
}
