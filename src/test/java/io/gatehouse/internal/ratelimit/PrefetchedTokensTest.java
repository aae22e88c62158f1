package io.gatehouse.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.TokenBucket;
import io.gatehouse.testing.Cases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Plays nodes that share one bucket, on a clock that the test moves, and checks the two bounds after each step. */
class PrefetchedTokensTest {
    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

    /** A node and the numbers that the test counts itself. */
    private static final class Node {
        private final LongAdder lost = new LongAdder();
        private final PrefetchedTokens tokens = new PrefetchedTokens(lost);
        private long used;
    }

    @Test
    void neverMoreThanTheBoundOverTheLimitAndNoMoreThanATenthIsLost() {
        Cases.seeded(300, draws -> play(new Random(draws.wholeLong())));
    }

    private static void play(Random random) {
        int nodes = 1 + random.nextInt(3);
        long cost = 1L + random.nextInt(3);
        long share = cost * (10 + random.nextInt(50));
        TokenBucket limit = new TokenBucket(1 + random.nextInt(5000), Duration.ofSeconds(60), share * 20 * nodes);
        long interval = limit.scriptParameter();
        long life = Duration.ofSeconds(6).toNanos();
        List<Node> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            all.add(new Node());
        }
        Limit.State charged = Limit.State.UNUSED;
        long now = 1_790_000_000_000_000L;
        long full = now; // when a bucket that was charged only what was used would be full
        for (int step = 0; step < 4000; step++) {
            now += random.nextInt(200) == 0 ? random.nextInt(20_000_000) : random.nextInt((int) interval + 1);
            Node node = all.get(random.nextInt(nodes));
            boolean admitted = node.tokens.take(cost, now * 1000) >= 0;
            if (!admitted) {
                long size = node.tokens.requestSize(cost, share, false, now * 1000, life, TIMEOUT);
                Limit.Result result = limit.evaluate(charged, now, cost, size);
                admitted = result.granted() > 0;
                if (admitted) {
                    charged = limit.charged(charged, now, result.granted());
                    node.tokens.granted(result.granted(), cost, share, result.remaining(), 0, now * 1000, life);
                }
                node.tokens.requestDone();
            }
            if (admitted && random.nextInt(20) == 0) {
                node.tokens.putBack(cost, share, now * 1000); // another rule refused
            } else if (admitted) {
                node.used += cost;
                full = Math.max(full, now) + cost * interval;
            }
            assertThat(node.tokens.valid(now * 1000)).isLessThanOrEqualTo(share);
            assertThat(full - now).isLessThanOrEqualTo(limit.refillMicros() + nodes * share * interval);
        }
        all.forEach(node -> assertThat(node.lost.sum() * PrefetchedTokens.LOSS).isLessThanOrEqualTo(node.used));
    }

    @Test
    void aSecondRequestTakesOnlyWhatItNeedsWhileOneIsUnderWay() {
        PrefetchedTokens tokens = new PrefetchedTokens(new LongAdder());
        assertThat(tokens.requestSize(1, 50, true, 0, 100, 1000)).isEqualTo(50);
        assertThat(tokens.requestSize(1, 50, true, 0, 100, 1000)).isEqualTo(1);
        assertThat(tokens.requestSize(1, 50, true, 1000, 100, 1000))
                .as("the first was lost")
                .isEqualTo(50);
        tokens.requestDone();
        assertThat(tokens.requestSize(1, 50, true, 1000, 100, 1000)).isEqualTo(50);
    }
}
