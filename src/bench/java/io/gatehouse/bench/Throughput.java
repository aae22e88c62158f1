package io.gatehouse.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rates of contenders that share one process and took turns.
 *
 * @param <C> the type of the contenders
 */
final class Throughput<C> {
    private static final int WARM_UPS = 2;

    private final Rounds<C, Double> rounds;

    private Throughput(Rounds<C, Double> rounds) {
        this.rounds = rounds;
    }

    static <C> Throughput<C> measure(Map<C, ? extends Load> loads, double warmUpSeconds, int rounds, double seconds)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            for (Load load : loads.values()) {
                double unused = load.run(warmUpSeconds);
            }
        }
        Map<C, Rounds.Turn<Double>> turns = new LinkedHashMap<>();
        loads.forEach((contender, load) -> turns.put(contender, () -> load.run(seconds)));
        return new Throughput<>(Rounds.measure(turns, rounds));
    }

    double median(C contender) {
        return rounds.median(contender, Double::doubleValue);
    }

    /** Returns the median ratio of a contender's rate to another's in the same round. */
    double ratio(C contender, C to) {
        return rounds.ratio(contender, to, Double::doubleValue);
    }

    /** Returns the lowest and the highest of these ratios. */
    double[] range(C contender, C to) {
        return rounds.range(contender, to, Double::doubleValue);
    }
}
