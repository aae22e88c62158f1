package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.RestoreParams;

/** What a node makes of revisions that it did not expect. */
@RedisTest
@Timeout(60)
class MergeTest {
    private final TestRedis redis = TestRedis.shared();
    private final RedisConnections connections = Connections.to(redis.url());
    private final Queue<Runnable> afterReply = new ConcurrentLinkedQueue<>();
    private final Node node =
            new Node(connections, Node.settings(false), SessionObserver.NONE, Node.KEYS, new AfterReply(afterReply));
    private final Node other = new Node(connections);
    private String token = "";

    /** Runs each action once, between the reply of Redis to a save and its effect on the live session. */
    private record AfterReply(Queue<Runnable> actions) implements SaveObserver {
        @Override
        public void saved(long nanos, long bytes) {}

        @Override
        public Span begin() {
            return new Span() {
                @Override
                public void set(String attribute, String value) {}

                @Override
                public void failed(Throwable cause) {}

                @Override
                public void close() {
                    Runnable action = actions.poll();
                    if (action != null) {
                        action.run();
                    }
                }
            };
        }
    }

    @BeforeEach
    void store() {
        token = node.stored("a", 0);
    }

    @AfterEach
    void close() {
        connections.close();
    }

    /** A request reads the revision of another node, which is based on a save of this node, before that save has its reply. */
    @Test
    void theReplyToASaveDoesNotReplaceANewerRevision() {
        CompletableFuture<Session> reader = new CompletableFuture<>();
        Session writer = node.mustOpen(token);
        afterReply.add(() -> {
            other.set(token, "b", 1);
            reader.completeAsync(() -> node.mustOpen(token));
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(reader.isDone() || writer.live().saving.hasQueuedThreads())
                            .isTrue());
        });
        writer.setAttribute("a", 1);
        assertThat(node.sessions.save(writer)).isTrue();
        Session second = reader.join();
        assertThat(second.attribute("b", Node.LOADER)).isEqualTo(1);

        other.set(token, "b", 2);
        second.setAttribute("c", 1);
        assertThat(node.sessions.save(second)).isTrue();
        assertThat(second.attribute("b", Node.LOADER)).isEqualTo(2);
        second.setAttribute("c", 2);
        assertThat(node.sessions.save(second)).isTrue();
        node.sessions.release(writer);
        node.sessions.release(second);
        assertThat(other.get(token, "a")).isEqualTo(1);
        assertThat(other.get(token, "b")).isEqualTo(2);
        assertThat(other.get(token, "c")).isEqualTo(2);
        assertThat(node.sessions.counters().of(SessionEvent.MERGED)).isEqualTo(1);
    }

    /** The new master has another revision with the number of the one that was lost. */
    @Test
    void aSaveIsBasedOnWhatAFailoverHasLeft() {
        Session session = node.mustOpen(token);
        loseInFailover(() -> {
            session.setAttribute("lost", 1);
            assertThat(node.sessions.save(session)).isTrue();
        });
        other.set(token, "b", 1);
        session.setAttribute("a", 1);
        assertThat(node.sessions.save(session)).isTrue();
        node.sessions.release(session);
        assertThat(other.get(token, "a")).isEqualTo(1);
        assertThat(other.get(token, "b")).isEqualTo(1);
        assertThat(node.sessions.counters().of(SessionEvent.MERGED)).isEqualTo(1);
    }

    /** Otherwise the former id, which others may know, would open a session with the data of the user. */
    @Test
    void nothingIsStoredUnderAnIdThatAFailoverHasBroughtBack() {
        Session session = node.mustOpen(token);
        loseInFailover(() -> {
            session.changeId();
            assertThat(node.sessions.save(session)).isTrue();
        });
        session.setAttribute("account", "alice");
        assertThat(node.sessions.save(session)).isFalse();
        assertThat(session.isCutOff()).isTrue();
        node.sessions.release(session);
        assertThat(other.get(token, "account")).isNull();
    }

    private void loseInFailover(Runnable change) {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            String key = redis.keys().stream()
                    .filter(name -> client.type(name).equals("hash"))
                    .reduce((one, two) -> {
                        throw new AssertionError("more than one record");
                    })
                    .orElseThrow();
            byte[] before = client.dump(key);
            change.run();
            client.restore(
                    key, client.pttl(key), before, RestoreParams.restoreParams().replace());
        }
    }
}
