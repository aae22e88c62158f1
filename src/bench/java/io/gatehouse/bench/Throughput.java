package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rates of contenders. The contenders take turns, so that other load on the machine affects all of them alike, and each rate is compared
 * with the other rates of the same round.
 *
 * @param <C> the type of the contenders
 */
final class Throughput<C> {
    private static final int WARM_UPS = 2;

    private final Map<C, List<Double>> rates = new LinkedHashMap<>();

    private Throughput() {}

    static <C> Throughput<C> measure(Map<C, ? extends Load> loads, double warmUpSeconds, int rounds, double seconds)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            for (Load load : loads.values()) {
                double unused = load.run(warmUpSeconds);
            }
        }
        Throughput<C> throughput = new Throughput<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<C, ? extends Load> entry : loads.entrySet()) {
                throughput
                        .rates
                        .computeIfAbsent(entry.getKey(), any -> new ArrayList<>())
                        .add(entry.getValue().run(seconds));
            }
        }
        return throughput;
    }

    private List<Double> of(C contender) {
        return rates.getOrDefault(contender, List.of());
    }

    double median(C contender) {
        return median(of(contender).stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Returns the median ratio of a contender's rate to another's in the same round. */
    double ratio(C contender, C to) {
        return median(ratios(contender, to));
    }

    /** Returns the lowest and the highest of these ratios. */
    double[] range(C contender, C to) {
        double[] ratios = ratios(contender, to);
        Arrays.sort(ratios);
        return new double[] {ratios[0], ratios[ratios.length - 1]};
    }

    private double[] ratios(C contender, C to) {
        double[] ratios = new double[of(contender).size()];
        Arrays.setAll(ratios, i -> of(contender).get(i) / of(to).get(i));
        return ratios;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
