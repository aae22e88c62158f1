package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading an attribute never stores it; changing its value in place stores it. */
@RedisTest
class ChangeDetectionTest {
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private Node one;
    private Node two;

    @BeforeAll
    static void connect(TestRedis server) {
        redis = server;
        firstConnections = Connections.to(redis.url());
        secondConnections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        firstConnections.close();
        secondConnections.close();
    }

    @BeforeEach
    void empty() {
        one = new Node(firstConnections);
        two = new Node(secondConnections);
    }

    enum Colour {
        RED,
        GREEN,
        BLUE
    }

    /** A key without {@code hashCode}: its position in a map differs after each decoding. */
    static final class Key implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** A value whose encoding is different each time. */
    static final class Restless implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger WRITES = new AtomicInteger();

        int number;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(WRITES.incrementAndGet());
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            in.readInt();
        }
    }

    static final class Box implements Serializable {
        private static final long serialVersionUID = 1L;

        Object content;
        String note = "old";

        Box(Object content) {
            this.content = content;
        }
    }

    static Stream<Box> values() {
        Map<Object, String> byColour = new HashMap<>();
        Map<Object, String> byKey = new HashMap<>();
        Set<Object> keys = new HashSet<>();
        for (Colour colour : Colour.values()) {
            byColour.put(colour, colour.name()); // the same string object as the constant
        }
        for (int i = 0; i < 40; i++) {
            byKey.put(new Key(), "key " + i);
            keys.add(new Key());
        }
        Map<String, Integer> shrunk = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            shrunk.put("item " + i, i);
        }
        for (int i = 0; i < 36; i++) {
            shrunk.remove("item " + i);
        }
        return Stream.of(
                        byColour,
                        byKey,
                        keys,
                        shrunk,
                        new ArrayList<>(List.of(Colour.RED, Colour.RED.name())),
                        new Restless())
                .map(Box::new);
    }

    @ParameterizedTest
    @MethodSource("values")
    void readingAnAttributeStoresNothingAndKeepsChangesOfAnotherNode(Box box) {
        String token = one.stored("box", box);
        for (int round = 0; round < 5; round++) {
            Session looking = two.mustOpen(token);
            assertThat(looking.attribute("box", Node.LOADER)).isInstanceOf(Box.class);
            String note = "round " + round;
            Session changing = one.mustOpen(token);
            Box theirs = (Box) changing.attribute("box", Node.LOADER);
            assertThat(theirs).isNotNull();
            theirs.note = note;
            changing.setAttribute("box", theirs);
            one.sessions.save(changing);
            one.sessions.release(changing);
            two.sessions.save(looking);
            two.sessions.release(looking);
            assertThat(one.get(token, "box")).extracting("note").isEqualTo(note);
            assertThat(two.get(token, "box")).extracting("note").isEqualTo(note);
        }
        assertThat(two.sessions.counters().of(SessionEvent.SAVED)).isZero();
        assertThat(two.sessions.counters().of(SessionEvent.MERGED)).isZero();
    }

    @Test
    void aChangeInPlaceIsStoredAlthoughTheDecodedValueHasAnotherOrder() {
        Map<Object, String> map = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            map.put(new Key(), "key " + i);
        }
        String token = one.stored("box", new Box(map));
        Session changing = two.mustOpen(token);
        Box box = (Box) changing.attribute("box", Node.LOADER);
        assertThat(box).isNotNull();
        box.note = "new";
        two.sessions.save(changing);
        two.sessions.release(changing);
        assertThat(two.sessions.counters().of(SessionEvent.SAVED)).isEqualTo(1);
        assertThat(one.get(token, "box")).extracting("note").isEqualTo("new");
    }

    @Test
    void aValueWithoutAStableEncodingIsStoredWhenItIsSet() {
        Restless restless = new Restless();
        String token = one.stored("value", restless);
        Session changing = two.mustOpen(token);
        Restless read = (Restless) changing.attribute("value", Node.LOADER);
        assertThat(read).isNotNull();
        assertThat(two.sessions.counters().of(SessionEvent.ATTRIBUTE_UNSTABLE))
                .as("reported, because a change in place would not be stored")
                .isEqualTo(1);
        read.number = 7;
        changing.setAttribute("value", read);
        two.sessions.save(changing);
        two.sessions.release(changing);
        assertThat(one.get(token, "value")).extracting("number").isEqualTo(7);
    }
}
