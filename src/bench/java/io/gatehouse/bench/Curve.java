package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The speed of a process from its first request on.
 *
 * @param rates requests a second in each period of {@value #PERIOD} seconds
 */
record Curve(List<Double> rates) {
    static final int PERIOD = 2;
    /** The period that starts after 8 s of load. */
    private static final int AFTER_8_SECONDS = 4;

    static Curve measure(LoadGenerator load, int seconds) throws IOException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int passed = 0; passed < seconds; passed += PERIOD) {
            rates.add(load.run(PERIOD));
        }
        return new Curve(rates);
    }

    /** Returns the speed after 8 s as a share of the steady speed, or NaN if the measurement was shorter. */
    double shareAfter8Seconds(double steady) {
        return rates.size() > AFTER_8_SECONDS ? rates.get(AFTER_8_SECONDS) / steady : Double.NaN;
    }
}
