package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.wiring.Components;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands {@code jobs retry} and {@code jobs discard}, on runs that have failed for good. */
final class DeadJobCommands {
    private DeadJobCommands() {}

    /** A command on one run that has failed for good. */
    abstract static class OnDeadRun extends MutatingCommand {
        @Parameters(paramLabel = "ID", description = "The id of the run.")
        private String id = "";

        private final String verb;

        OnDeadRun(String verb) {
            this.verb = verb;
        }

        abstract CommandResult change(Components components, String run);

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return JobsCommand.PURPOSES;
        }

        @Override
        CommandResult change(Components components) {
            return change(components, id);
        }

        @Override
        CommandResult preview(Components components) {
            JobView run = components.operator().jobs().show(id);
            return CommandResult.of(
                    new Preview(true, run),
                    "would " + verb + " the run of " + run.name() + ", which is "
                            + run.state().label());
        }

        /** The JSON of a dry run. */
        private record Preview(
                boolean dryRun,
                @JsonMember(unwrapped = true) JobView run) {}
    }

    /** The command {@code jobs retry}. */
    @Command(name = "retry", description = "Returns a dead or failed run to the queue.")
    static final class Retry extends OnDeadRun {
        Retry() {
            super("repeat");
        }

        @Override
        CommandResult change(Components components, String run) {
            return CommandResult.of(components.operator().jobs().retry(run), "queued");
        }
    }

    /** The command {@code jobs discard}. */
    @Command(name = "discard", description = "Deletes a dead run.")
    static final class Discard extends OnDeadRun {
        Discard() {
            super("delete");
        }

        @Override
        CommandResult change(Components components, String run) {
            return CommandResult.of(components.operator().jobs().discard(run), "deleted");
        }
    }
}
