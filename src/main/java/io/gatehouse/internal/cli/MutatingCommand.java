package io.gatehouse.internal.cli;

import io.gatehouse.internal.wiring.Components;
import picocli.CommandLine.Option;

/** A command that changes something, or says what it would change. */
abstract class MutatingCommand extends RedisCommand {
    @Option(names = "--dry-run", description = "Changes nothing, and says what would be done.")
    private boolean dryRun;

    /** Does it. */
    abstract CommandResult change(Components components) throws Exception;

    /** Says what would be done, as far as that can be known. */
    abstract CommandResult preview(Components components);

    final boolean isDryRun() {
        return dryRun;
    }

    @Override
    final CommandResult answer(Components components) throws Exception {
        return dryRun ? preview(components) : change(components);
    }
}
