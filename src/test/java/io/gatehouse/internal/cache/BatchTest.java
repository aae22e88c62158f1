package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading and storing many values at once; {@link BatchRoundTripsTest} counts round trips. */
class BatchTest extends CacheNodes {
    private static final Duration TTL = Duration.ofMinutes(5);

    BatchTest(Topology topology) {
        super(topology);
    }

    @Test
    void getManyReturnsTheCachedValuesInTheOrderOfTheKeys() {
        one.cache.setMany(Map.of("user:a", "A", "b", "B", "plain:c", "C", "roles:d", "D"), TTL);
        one.cache.put("null", null);
        two.cache.get("b");
        assertThat(two.cache.<String>getMany(List.of("plain:c", "missing", "b", "null", "user:a", "b")))
                .containsExactly(Map.entry("plain:c", "C"), Map.entry("b", "B"), Map.entry("user:a", "A"));
        assertThat(two.cache.region("user").<String>getMany(List.of("a", "b"))).containsExactly(Map.entry("a", "A"));
        assertThat(two.cache.<String>getMany(List.of())).isEmpty();
        assertThat(two.region().statistics().misses()).isEqualTo(1);
    }

    @Test
    void getManyVerifiesTags() {
        one.region().put("a", "A", List.of("red", "green"));
        one.region().put("b", "B", List.of("blue"));
        one.region().put("c", "C");
        List<String> keys = List.of("a", "b", "c");
        assertThat(two.cache.<String>getMany(keys)).hasSize(3);
        two.cache.invalidator().invalidateByTag("green");
        assertThat(two.cache.<String>getMany(keys)).containsOnlyKeys("b", "c");
        one.cache.invalidator().invalidateByTag("blue");
        Eventually.holds(
                "the copy is dropped", LONG, () -> two.cache.getMany(keys).size() == 1);
    }

    @Test
    void getManyIgnoresExpiredValues() {
        one.cache.setMany(Map.of("a", "A", "b", "B"), TTL);
        one.cache.touch("b", Duration.ofHours(1));
        one.advance(301_000);
        two.advance(301_000);
        assertThat(one.cache.<String>getMany(List.of("a", "b"))).containsOnlyKeys("b");
        assertThat(two.cache.<String>getMany(List.of("a", "b"))).containsOnlyKeys("b");
    }

    @Test
    void setManyMakesOtherNodesDropTheirCopies() {
        one.cache.setMany(Map.of("a", "old", "b", "old"));
        assertThat(two.cache.<String>getMany(List.of("a", "b"))).hasSize(2);
        one.cache.setMany(Map.of("a", "new", "b", "new"), TTL);
        Eventually.holds(
                "the other node has the new values",
                LONG,
                () -> two.cache.getMany(List.of("a", "b")).equals(Map.of("a", "new", "b", "new")));
        assertThat(one.cache.<String>getMany(List.of("a", "b"))).isEqualTo(Map.of("a", "new", "b", "new"));
    }

    @Test
    void anyNumberOfKeysIsAccepted() {
        Map<String, Integer> many = IntStream.range(0, 2500)
                .boxed()
                .collect(Collectors.toMap(number -> "key-" + number, Function.identity()));
        one.cache.setMany(many, TTL);
        assertThat(two.cache.<Integer>getMany(many.keySet())).isEqualTo(many);
        assertThat(two.cache.<Integer>getMany(many.keySet())).isEqualTo(many);
    }

    @Test
    void nothingIsStoredIfAKeyOrAValueIsInvalid() {
        assertThatThrownBy(() -> one.cache.setMany(Map.of("a", "A", "b", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot cache a value of region default");
        assertThatThrownBy(() -> one.cache.setMany(Map.of("a", "A", "", "B")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key is empty");
        assertThat(one.<String>get("a")).isNull();
        assertThat(two.<String>get("a")).isNull();
    }
}
