package io.gatehouse.testing;

import java.util.function.Consumer;

/** Runs properties for seeded cases. */
public final class Cases {
    private static final String SEED = "gatehouse.seed";

    private Cases() {}

    /**
     * Runs a property for the seeds from 0.
     *
     * @throws AssertionError if it fails; the message names the seed
     */
    public static void seeded(int count, Consumer<Draws> property) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            run(only, property);
            return;
        }
        for (long seed = 0; seed < count; seed++) {
            run(seed, property);
        }
    }

    private static void run(long seed, Consumer<Draws> property) {
        try {
            property.accept(new Draws(seed));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw new AssertionError(
                    "the case of seed " + seed + " fails; -D" + SEED + "=" + seed + " runs it alone: " + e, e);
        }
    }
}
