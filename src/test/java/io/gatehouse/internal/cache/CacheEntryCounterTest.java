package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Topology;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that the entries which an invalidation would remove are counted exactly, and that counting changes nothing. */
class CacheEntryCounterTest extends CacheNodes {
    CacheEntryCounterTest(Topology topology) {
        super(topology);
    }

    private CacheEntryCounter counter() {
        return two.cache.entryCounter();
    }

    @Test
    void countsByKeyPatternAndRegionAndChangesNothing() {
        IntStream.range(0, 1500).forEach(i -> one.region().put("item:" + i, i));
        one.region().put("a,\"b\"\u0000*", 1);
        one.cache.region("plain").put("item:1", 1);
        Map<String, Long> before = keys();
        assertThat(counter().matching("item:*")).isEqualTo(1500);
        assertThat(counter().matching("item:1?")).isEqualTo(10);
        assertThat(counter().matching("plain:*")).isEqualTo(1);
        assertThat(counter().ofRegion("default")).isEqualTo(1501);
        assertThat(counter().ofKey("default", "item:7")).isEqualTo(1);
        assertThat(counter().ofKey("default", "a,\"b\"\u0000*")).isEqualTo(1);
        assertThat(counter().ofKey("default", "missing")).isZero();
        assertThat(counter().matching("missing:*")).isZero();
        assertThat(keys().keySet()).isEqualTo(before.keySet());
        assertThat(one.cache.invalidator().invalidateByPattern("item:*").entries())
                .isEqualTo(1500);
        assertThat(counter().matching("item:*")).isZero();
        assertThatThrownBy(() -> counter().matching("*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter().ofRegion("nowhere")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter().withTag("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsTheValidEntriesWithATag() {
        IntStream.range(0, 120).forEach(i -> one.region().put("tagged:" + i, i, List.of("team", "user:42")));
        IntStream.range(0, 30).forEach(i -> one.region().put("other:" + i, i, List.of("a", "other")));
        one.cache.region("plain").put("tagged", 1, List.of("team"));
        one.region().put("untagged", 1);
        assertThat(counter().withTag("team")).isEqualTo(121);
        assertThat(counter().withTag("user:42")).isEqualTo(120);
        assertThat(counter().withTag("missing")).isZero();
        one.cache.invalidator().invalidateByTag("team");
        assertThat(counter().withTag("team")).isZero();
        assertThat(counter().withTag("other")).isEqualTo(30);
    }

    @Test
    void countsAnEntryOfAUserOnceEvenIfItHasTheTagOfTheUser() {
        one.cache.region("user").put("42", "Alice", List.of("user:42"));
        one.region().put("orders", 1, List.of("user:42"));
        assertThat(counter().ofUser("42")).isEqualTo(2);
        one.cache.region("user").put("43", "Bob");
        assertThat(counter().ofUser("43")).isEqualTo(1);
        assertThat(counter().ofUser("44")).isZero();
    }
}
