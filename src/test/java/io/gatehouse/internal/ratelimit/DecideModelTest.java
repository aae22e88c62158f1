package io.gatehouse.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.SlidingWindow;
import io.gatehouse.internal.rules.TokenBucket;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/**
 * Compares the scripts with the arithmetic in Java, step by step, on a clock that the test moves. The test runs the text of the
 * scripts with the server's time taken from the arguments.
 */
@RedisTest(lasting = "try\\d+:\\d+(:h)?") // the model removes the TTLs, because keys would expire by the server's clock
class DecideModelTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisClient CLIENT = REDIS.client();
    private static final String DECIDE = withClockFromArguments("decide.lua");
    private static final String REFUND = withClockFromArguments("refund.lua");
    private static final int STEPS = 400;
    private static final long LONGEST_STEP = Duration.ofDays(30).toNanos() / 1000;

    private static int tries;

    @AfterAll
    static void stop() {
        CLIENT.close();
    }

    private static String withClockFromArguments(String script) {
        String text = io.gatehouse.internal.redis.Script.load(LimitEngine.class, script, false)
                .text();
        assertThat(text).contains("redis.call('TIME')");
        return text.replace("redis.call('TIME')", "{table.remove(ARGV), table.remove(ARGV)}")
                .replace("time[1] * 1000000 + time[2]", "time[2] * 1000000 + time[1]")
                .replaceAll(", 'PX', [^\\n]*\\)\\n", ")\n"); // keys would expire by the server's clock
    }

    private record TokenRequest(int counter, Limit limit, boolean enforced, long least, long most) {
        /** Returns whether the counter holds the tokens that it charges; every second counter does. */
        boolean holds() {
            return holds(counter);
        }

        static boolean holds(int counter) {
            return counter % 2 == 1;
        }
    }

    /** The expected counters: their states and their held tokens. */
    private record Model(Map<Integer, Limit.State> states, Map<Integer, Long> held) {
        Limit.State state(int counter) {
            return states.getOrDefault(counter, Limit.State.UNUSED);
        }
    }

    @Test
    void theScriptsAgreeWithTheJavaArithmetic() {
        Cases.seeded(300, draws -> playOnBoth(draws.wholeLong()));
    }

    private static void playOnBoth(long seed) {
        Random random = new Random(seed);
        String prefix = "try" + tries++ + ":";
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            limits.add(limit(random));
        }
        Model model = new Model(new HashMap<>(), new HashMap<>());
        List<Runnable> checks = new ArrayList<>();
        long now = 1_790_000_000_000_000L;
        try (AbstractPipeline pipeline = CLIENT.pipelined()) {
            for (int step = 0; step < STEPS; step++) {
                now += delta(random, limits);
                if (random.nextInt(12) == 0) {
                    refund(random, limits, model, prefix, now, pipeline);
                } else {
                    checks.add(decide(random, limits, model, prefix, now, pipeline));
                }
            }
        }
        checks.forEach(Runnable::run);
    }

    private static Limit limit(Random random) {
        Duration period = Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 10 : 100_000));
        long tokens = 1L + random.nextInt(random.nextBoolean() ? 5 : 10_000);
        return random.nextBoolean()
                ? new SlidingWindow(tokens, period)
                : new TokenBucket(tokens, period, 1 + random.nextInt(random.nextBoolean() ? 5 : 10_000));
    }

    /** Returns the next time: mostly later by about an interval or a window, sometimes equal, sometimes earlier. */
    private static long delta(Random random, List<Limit> limits) {
        Limit limit = limits.get(random.nextInt(limits.size()));
        long near =
                random.nextInt(20) == 0 ? limit.refillMicros() : limit.period().toNanos() / 1000 / limit.tokens();
        near = Math.min(near, LONGEST_STEP); // so that the clock stays in this century, where all is exact
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -random.nextLong(near + 1);
            case 2 -> near;
            default -> random.nextLong(2 * near + 2);
        };
    }

    private static Runnable decide(
            Random random, List<Limit> limits, Model model, String prefix, long now, AbstractPipeline pipeline) {
        List<TokenRequest> requests = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            if (requests.isEmpty() || random.nextBoolean()) {
                long least = random.nextInt(10) == 0
                        ? limits.get(i).capacity() + random.nextInt(2)
                        : random.nextInt((int) Math.min(4, limits.get(i).capacity()) + 1);
                requests.add(
                        new TokenRequest(i, limits.get(i), random.nextInt(5) > 0, least, least + random.nextInt(20)));
            }
        }
        List<String> keys = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (TokenRequest request : requests) {
            keys.add(prefix + request.counter());
            arguments.addAll(List.of(
                    request.limit().kind(),
                    (request.enforced() ? "e" : "d") + (request.holds() ? "h" : ""),
                    "" + request.least(),
                    "" + request.most(),
                    "" + request.limit().scriptParameter(),
                    "" + request.limit().refillMicros()));
        }
        requests.stream().filter(TokenRequest::holds).forEach(request -> keys.add(prefix + request.counter() + ":h"));
        clock(arguments, now);
        Response<Object> reply = pipeline.eval(DECIDE, keys, arguments);
        List<Long> expected = expected(requests, model, now);
        return () -> assertThat(reply.get()).as("%s at %s", requests, now).isEqualTo(expected);
    }

    private static List<Long> expected(List<TokenRequest> requests, Model model, long now) {
        List<Limit.Result> results = requests.stream()
                .map(request ->
                        request.limit().evaluate(model.state(request.counter()), now, request.least(), request.most()))
                .toList();
        boolean refused = false;
        for (int i = 0; i < requests.size(); i++) {
            refused |= requests.get(i).enforced()
                    && results.get(i).granted() < requests.get(i).least();
        }
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Limit.Result result = results.get(i);
            boolean undone = refused && result.granted() > 0;
            if (result.granted() > 0 && !refused) {
                int counter = requests.get(i).counter();
                model.states()
                        .put(counter, requests.get(i).limit().charged(model.state(counter), now, result.granted()));
            }
            long without = waitWithoutWhatIsHeld(requests.get(i), model, now);
            boolean shorter = result.granted() < requests.get(i).least() && without >= 0;
            if (result.granted() > 0 && !refused && requests.get(i).holds()) {
                model.held().merge(requests.get(i).counter(), result.granted(), Long::sum);
            }
            expected.add(result.granted());
            expected.add(undone ? result.remaining() + result.granted() : result.remaining());
            expected.add(shorter ? without : result.waitMicros());
            expected.add(result.resetMicros());
            expected.add(shorter && without == 0 ? 1L : 0L);
        }
        return expected;
    }

    /** Returns the wait without the held tokens, or -1 if none are held. */
    private static long waitWithoutWhatIsHeld(TokenRequest request, Model model, long now) {
        long held = request.holds() ? model.held().getOrDefault(request.counter(), 0L) : 0;
        Limit.State state = model.state(request.counter());
        return held == 0 || request.least() > request.limit().capacity()
                ? -1
                : request.limit()
                        .evaluate(request.limit().refunded(state, now, held), now, request.least(), request.least())
                        .waitMicros();
    }

    private static void refund(
            Random random, List<Limit> limits, Model model, String prefix, long now, AbstractPipeline pipeline) {
        int counter = random.nextInt(limits.size());
        Limit limit = limits.get(counter);
        long tokens = 1L + random.nextInt(3);
        long released = TokenRequest.holds(counter) ? random.nextLong(tokens + 1) : 0;
        model.states().computeIfPresent(counter, (any, state) -> limit.refunded(state, now, tokens));
        model.held().computeIfPresent(counter, (any, held) -> held > released ? held - released : null);
        List<String> arguments = new ArrayList<>(List.of(
                limit.kind(), "" + tokens, "" + limit.scriptParameter(), "" + limit.refillMicros(), "" + released));
        clock(arguments, now);
        Response<Object> unused = pipeline.eval(REFUND, List.of(prefix + counter, prefix + counter + ":h"), arguments);
    }

    private static void clock(List<String> arguments, long now) {
        arguments.add("" + now / 1_000_000);
        arguments.add("" + now % 1_000_000);
    }
}
