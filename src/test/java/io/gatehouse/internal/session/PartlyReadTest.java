package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests sessions of which a request has read only some attributes before it does something to all of them. */
@RedisTest
class PartlyReadTest {
    private static RedisConnections connections;

    private Node one;
    private Node two;
    private String token;
    private Session session;

    @BeforeAll
    static void connect(TestRedis redis) {
        connections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    @BeforeEach
    void readTheSecondAttribute() {
        one = new Node(connections);
        two = new Node(connections);
        token = one.stored("x", "1", "a", "2", "m", "3");
        session = two.mustOpen(token);
        assertThat(session.attribute("a", Node.LOADER)).isEqualTo("2");
    }

    private void saveAndRelease() {
        assertThat(two.sessions.save(session)).isTrue();
        two.sessions.release(session);
    }

    @Test
    void readingStoresNothing() {
        saveAndRelease();
        assertThat(two.sessions.counters().of(SessionEvent.SAVED)).isZero();
    }

    @Test
    void theNamesKeepTheOrderInWhichTheyWereSet() {
        assertThat(session.attributeNames(Node.LOADER)).containsExactly("x", "a", "m");
        saveAndRelease();
    }

    @Test
    void settingAndRemovingKeepsTheOthers() {
        session.setAttribute("n", "4");
        assertThat(session.removeAttribute("x")).isNull();
        saveAndRelease();
        Session after = one.mustOpen(token);
        assertThat(after.attributeNames(Node.LOADER)).containsExactly("a", "m", "n");
        assertThat(after.attribute("m", Node.LOADER)).isEqualTo("3");
        one.sessions.release(after);
    }

    @Test
    void anotherNodesChangesAreMerged() {
        one.set(token, "a", "20");
        one.set(token, "m", "30");
        Session concurrent = two.mustOpen(token); // reads the newer revision
        assertThat(session.attribute("x", Node.LOADER)).isEqualTo("1");
        assertThat(session.attribute("a", Node.LOADER)).isEqualTo("20");
        assertThat(session.attribute("m", Node.LOADER)).isEqualTo("30");
        two.sessions.release(concurrent);
        saveAndRelease();
    }

    @Test
    void theIdCanBeChanged() {
        session.changeId();
        assertThat(session.attribute("a", Node.LOADER)).isEqualTo("2");
        assertThat(session.attribute("m", Node.LOADER)).isEqualTo("3");
        saveAndRelease();
        assertThat(one.get(two.sessions.token(session), "x")).isEqualTo("1");
    }
}
