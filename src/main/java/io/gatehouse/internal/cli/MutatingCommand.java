package io.gatehouse.internal.cli;

import io.gatehouse.internal.wiring.Components;
import picocli.CommandLine.Option;

/** A command that changes something, or with {@code --dry-run} reports what it would change. */
abstract class MutatingCommand extends RedisCommand {
    @Option(names = "--dry-run", description = "Changes nothing; reports what would be done.")
    private boolean dryRun;

    /** Makes the change. */
    abstract CommandResult change(Components components) throws Exception;

    /** Reports what {@link #change} would do, as far as it is known in advance. */
    abstract CommandResult preview(Components components);

    final boolean isDryRun() {
        return dryRun;
    }

    @Override
    final CommandResult run(Components components) throws Exception {
        return dryRun ? preview(components) : change(components);
    }
}
