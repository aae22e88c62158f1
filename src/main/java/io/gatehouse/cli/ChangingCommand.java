package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import picocli.CommandLine.Option;

/** A command that changes something, or says what it would change. */
abstract class ChangingCommand extends RedisCommand {
    @Option(names = "--dry-run", description = "Changes nothing, and says what would be done.")
    private boolean dryRun;

    /** Does it. */
    abstract Answer change(Capabilities capabilities) throws Exception;

    /** Says what would be done, as far as that can be known. */
    abstract Answer preview(Capabilities capabilities);

    final boolean isDryRun() {
        return dryRun;
    }

    @Override
    final Answer answer(Capabilities capabilities) throws Exception {
        return dryRun ? preview(capabilities) : change(capabilities);
    }
}
