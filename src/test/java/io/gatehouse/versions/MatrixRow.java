package io.gatehouse.versions;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.Jdks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** When and on which Java a server of the matrix is tested. */
final class MatrixRow {
    private static final int NEWER = Runtime.version().feature() + 1;

    private MatrixRow() {}

    /**
     * Skips the test unless it is chosen.
     *
     * @param when {@code always}, or {@code all} for a test that runs with {@code -Dservers=all} only
     */
    static void assumeChosen(String when) {
        assumeTrue(when.equals("always") || "all".equals(System.getProperty("servers")), "runs with -Dservers=all");
    }

    /**
     * Returns a JDK; skips the test if there is none.
     *
     * @param which {@code oldest} for that of the tests, or {@code newest} for the newest of the machine, which must be a later one
     */
    static Path jdk(String which) throws IOException {
        if (!which.equals("newest")) {
            return Path.of(System.getProperty("java.home"));
        }
        List<Path> newer = Jdks.atLeast(NEWER);
        Optional<Path> newest = newer.isEmpty() ? Optional.empty() : Optional.of(newer.get(newer.size() - 1));
        assumeTrue(newest.isPresent(), "no JDK " + NEWER + " or newer was found on this machine");
        return newest.orElseThrow();
    }
}
