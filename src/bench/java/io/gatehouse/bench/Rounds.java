package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What contenders measured in turns: in each round every contender has one turn, so that other load on the machine affects all of them alike,
 * and each value is compared with the other values of the same round.
 *
 * @param <C> the type of the contenders
 * @param <M> what one turn measures
 */
final class Rounds<C, M> {
    private final Map<C, List<M>> measured = new LinkedHashMap<>();

    private Rounds() {}

    /** One turn of a contender. */
    @FunctionalInterface
    interface Turn<M> {
        M run() throws IOException, InterruptedException;
    }

    static <C, M> Rounds<C, M> measure(Map<C, ? extends Turn<M>> turns, int rounds)
            throws IOException, InterruptedException {
        Rounds<C, M> result = new Rounds<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<C, ? extends Turn<M>> entry : turns.entrySet()) {
                result.measured
                        .computeIfAbsent(entry.getKey(), any -> new ArrayList<>())
                        .add(entry.getValue().run());
            }
        }
        return result;
    }

    Set<C> contenders() {
        return measured.keySet();
    }

    boolean has(C contender) {
        return measured.containsKey(contender);
    }

    double median(C contender, ToDoubleFunction<M> value) {
        return median(values(contender, value));
    }

    /** Returns the median ratio of a contender's value to another's in the same round. */
    double ratio(C contender, C to, ToDoubleFunction<M> value) {
        return median(ratios(contender, to, value));
    }

    /** Returns the lowest and the highest of these ratios. */
    double[] range(C contender, C to, ToDoubleFunction<M> value) {
        double[] ratios = ratios(contender, to, value);
        Arrays.sort(ratios);
        return new double[] {ratios[0], ratios[ratios.length - 1]};
    }

    private double[] ratios(C contender, C to, ToDoubleFunction<M> value) {
        double[] ratios = values(contender, value);
        double[] others = values(to, value);
        Arrays.setAll(ratios, i -> ratios[i] / others[i]);
        return ratios;
    }

    private double[] values(C contender, ToDoubleFunction<M> value) {
        return measured.getOrDefault(contender, List.of()).stream()
                .mapToDouble(value)
                .toArray();
    }

    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
