package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.ConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * The process that a command runs in.
 *
 * @param sources where settings may stand
 * @param terminal whether standard error is one, so that a line can be written over
 */
record CliEnvironment(InputStream standardInput, List<ConfigSource> sources, boolean terminal, Clock clock) {

    static CliEnvironment real() {
        return new CliEnvironment(
                System.in,
                List.of(ConfigSource.systemProperties(), ConfigSource.environment()),
                isTerminal(),
                Clock.systemUTC());
    }

    /** As Linux tells; elsewhere lines are written one below the other. */
    private static boolean isTerminal() {
        try {
            String errors = Path.of("/proc/self/fd/2").toRealPath().toString();
            return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
