package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.ConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * The process that a command runs in.
 *
 * @param sources the sources of settings
 * @param terminal whether standard error is a terminal, on which a progress line can be overwritten
 * @param ansi whether colours are printed, unless {@code --color} says so
 */
record CliEnvironment(InputStream standardInput, List<ConfigSource> sources, boolean terminal, Ansi ansi, Clock clock) {

    /** Returns the environment of this process. */
    static CliEnvironment real() {
        return new CliEnvironment(
                System.in,
                List.of(ConfigSource.systemProperties(), ConfigSource.environment()),
                isTerminal(),
                Ansi.AUTO,
                Clock.systemUTC());
    }

    /** Returns whether standard error is a terminal. Only Linux can be asked; other systems get one line per change. */
    private static boolean isTerminal() {
        try {
            String errors = Path.of("/proc/self/fd/2").toRealPath().toString();
            return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
