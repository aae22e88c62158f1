package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many requests a second each contender answers. They take turns, so that whatever else the machine does hits all alike,
 * and each turn is compared with the bare GET's in the same round.
 */
final class Speed {
    private static final int WARM_UPS = 2;
    private static final double WARM_UP_SECONDS = 8;

    private final Map<Contender, List<Double>> rates = new EnumMap<>(Contender.class);

    private Speed() {
        for (Contender contender : Contender.values()) {
            rates.put(contender, new ArrayList<>());
        }
    }

    static Speed measure(Map<Contender, Crowd> crowds, int rounds, double seconds)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            for (Crowd crowd : crowds.values()) {
                double unused = crowd.visit(WARM_UP_SECONDS);
            }
        }
        Speed speed = new Speed();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<Contender, Crowd> entry : crowds.entrySet()) {
                speed.of(entry.getKey()).add(entry.getValue().visit(seconds));
            }
        }
        return speed;
    }

    private List<Double> of(Contender contender) {
        return rates.getOrDefault(contender, List.of());
    }

    double median(Contender contender) {
        return middle(of(contender).stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The median of a contender's rate by the bare GET's of the same round. */
    double ratio(Contender contender) {
        return middle(ratios(contender));
    }

    /** The lowest and the highest of these ratios. */
    double[] range(Contender contender) {
        double[] ratios = ratios(contender);
        Arrays.sort(ratios);
        return new double[] {ratios[0], ratios[ratios.length - 1]};
    }

    private double[] ratios(Contender contender) {
        double[] ratios = new double[of(contender).size()];
        Arrays.setAll(ratios, i -> of(contender).get(i) / of(Contender.BARE_GET).get(i));
        return ratios;
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
