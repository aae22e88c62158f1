package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two requests of one node change a session while one of them saves it, or changes its id. */
@RedisTest
@Timeout(60)
class SharedSaveTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final RedisConnections connections =
            Connections.to(TestRedis.shared().url());
    private final SteppedRedis stepped = new SteppedRedis(connections);
    private final Node node = new Node(stepped.connections());
    private final Node other = new Node(connections);
    private String token = "";
    private Session first = node.create();
    private Session second = first;

    /** A value whose encoding runs the next action. */
    private static final class Encoded implements Serializable {
        private static final Queue<Runnable> ACTIONS = new ConcurrentLinkedQueue<>();

        @Serial
        private static final long serialVersionUID = 1;

        @SuppressWarnings("unused")
        private final int unused = 1;

        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            Runnable action = ACTIONS.poll();
            if (action != null) {
                action.run();
            }
        }
    }

    @BeforeEach
    void open() {
        Encoded.ACTIONS.clear();
        node.sessions.release(first);
        token = node.stored("a", 0, "list", new ArrayList<>(), "encoded last", new Encoded());
        first = node.mustOpen(token);
        second = node.mustOpen(token);
        assertThat(second.live()).isSameAs(first.live());
    }

    @AfterEach
    void close() {
        node.sessions.release(first);
        node.sessions.release(second);
        connections.close();
    }

    @SuppressWarnings("unchecked")
    private List<String> list() {
        return (List<String>) Objects.requireNonNull(first.attribute("list", Node.LOADER));
    }

    /** Runs an action while the next save or id change encodes the values, after it has encoded the others. */
    private void whileEncoding(Runnable action) {
        assertThat(first.attribute("encoded last", Node.LOADER)).isNotNull();
        Encoded.ACTIONS.add(action);
    }

    /** Saves the first request's changes; the second saves its own between the reply of Redis and its effect. */
    private void saveAround(Runnable change) {
        CompletableFuture<Boolean> saved = new CompletableFuture<>();
        stepped.afterNext(() -> {
            change.run();
            saved.completeAsync(() -> node.sessions.save(second));
            Eventually.within(
                    SOON,
                    () -> assertThat(saved.isDone() || first.live().saving.hasQueuedThreads())
                            .isTrue());
        });
        assertThat(node.sessions.save(first)).isTrue();
        assertThat(saved.join()).isTrue();
    }

    @Test
    void anAttributeThatIsSetBackWhileItsChangeIsSavedIsStored() {
        first.setAttribute("a", 1);
        saveAround(() -> second.setAttribute("a", 0));
        assertThat(other.get(token, "a")).isEqualTo(0);
    }

    @Test
    void anIdleTimeoutThatIsSetBackWhileItsChangeIsSavedIsStored() {
        first.setIdleSeconds(60);
        saveAround(() -> second.setIdleSeconds(1800));
        Session read = other.mustOpen(token);
        assertThat(read.idleSeconds()).isEqualTo(1800);
        other.sessions.release(read);
    }

    @Test
    void aValueThatWasSetBackAfterItWasEncodedIsNotStored() {
        first.setAttribute("a", 1);
        whileEncoding(() -> {
            second.setAttribute("a", 0);
            assertThat(node.sessions.save(second)).isTrue();
        });
        assertThat(node.sessions.save(first)).isTrue();
        assertThat(other.get(token, "a")).isEqualTo(0);
    }

    @Test
    void aValueThatWasChangedBackInPlaceAfterItWasEncodedIsNotStored() {
        list().add("x");
        whileEncoding(() -> {
            list().remove("x");
            assertThat(node.sessions.save(second)).isTrue();
        });
        assertThat(node.sessions.save(first)).isTrue();
        assertThat(other.get(token, "list")).isEqualTo(List.of());
    }

    @Test
    void aRequestOfTheFormerIdDoesNotStoreWhatAnIdChangeHasEncodedEarlier() {
        list().add("x");
        whileEncoding(() -> {
            list().add("y");
            assertThat(node.sessions.save(first)).isTrue();
        });
        second.changeId();
        first.setAttribute("b", 1);
        assertThat(node.sessions.save(first)).isTrue();
        assertThat(other.get(token, "list")).isEqualTo(List.of("x", "y"));
        assertThat(node.sessions.save(second)).isTrue();
        assertThat(other.get(node.sessions.token(second), "list")).isEqualTo(List.of("x", "y"));
    }

    @Test
    void anIdChangeKeepsWhatTheRequestsOfTheFormerIdStoreAfterwards() {
        first.setAttribute("a", 1);
        second.setAttribute("b", 1);
        second.changeId();
        first.setAttribute("a", 2);
        assertThat(node.sessions.save(first)).isTrue();
        assertThat(node.sessions.save(second)).isTrue();
        String changed = node.sessions.token(second);
        assertThat(other.get(changed, "a")).isEqualTo(2);
        assertThat(other.get(changed, "b")).isEqualTo(1);
    }

    @Test
    void anIdChangeContinuesWithOneRevisionOfTheSession() {
        Overlap.reset();
        whileEncoding(Overlap::pause);
        Thread changing = new Thread(second::changeId);
        changing.start();
        Overlap.awaitPause();
        synchronized (first.live()) {
            Overlap.resume();
            Eventually.within(SOON, () -> assertThat(changing.getState()).isEqualTo(Thread.State.BLOCKED));
            first.setAttribute("a", 1);
            assertThat(node.sessions.save(first)).isTrue();
        }
        Eventually.within(SOON, () -> assertThat(changing.isAlive()).isFalse());
        second.setAttribute("b", 1);
        assertThat(node.sessions.save(second)).isTrue();
        assertThat(other.get(node.sessions.token(second), "a")).isEqualTo(1);
    }
}
