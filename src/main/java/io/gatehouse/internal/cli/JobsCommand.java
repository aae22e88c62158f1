package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobList;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.wiring.Components;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code jobs ...}, on runs that a node of the application executes. */
@Command(
        name = "jobs",
        description = "Lists, starts, cancels and repeats jobs, which a node of the application runs.",
        subcommands = {
            JobsCommand.Listing.class,
            JobsCommand.Show.class,
            JobsCommand.Start.class,
            JobsCommand.Cancel.class,
            DeadJobCommands.Retry.class,
            DeadJobCommands.Discard.class
        })
final class JobsCommand {
    static final Set<RedisPurpose> PURPOSES = Set.of(RedisPurpose.CACHE_WARMING);

    /** The command {@code jobs list}. */
    @Command(name = "list", description = "Lists queued, running and finished runs, the last submitted first.")
    static final class Listing extends RedisCommand {
        private static final List<TextFormatter.Column<JobView>> COLUMNS = List.of(
                TextFormatter.column("id", JobView::id),
                TextFormatter.column("name", JobView::name),
                TextFormatter.column("state", JobView::state),
                TextFormatter.column("done", JobView::done),
                TextFormatter.column("total", JobView::total),
                TextFormatter.column("node", JobView::node),
                TextFormatter.column("submittedAt", JobView::submittedAt));

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "The number of runs, at most 200 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only runs in this state: queued, running, succeeded, failed, dead or cancelled.")
        private @Nullable String state;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return PURPOSES;
        }

        @Override
        CommandResult run(Components components) {
            JobList jobs = components.operator().jobs().list(state, limit);
            return CommandResult.of(jobs, TextFormatter.table(jobs.jobs(), "no jobs", COLUMNS));
        }
    }

    /** The command {@code jobs show}. */
    @Command(name = "show", description = "Prints the state of a run.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "ID", description = "The id of the run.")
        private String id = "";

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return PURPOSES;
        }

        @Override
        CommandResult run(Components components) {
            JobView run = components.operator().jobs().show(id);
            return CommandResult.of(run, TextFormatter.members(run));
        }
    }

    /** The command {@code jobs start}. */
    @Command(name = "start", description = "Runs a job on a node and waits for it.")
    static final class Start extends MutatingCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "A built-in job, such as clean-up-sessions, or a job of the application.")
        private String name = "";

        @Option(
                names = "--argument",
                paramLabel = "NAME=VALUE",
                description = "An argument with a text, such as user=user123. Can be repeated.")
        private Map<String, String> texts = new LinkedHashMap<>();

        @Option(
                names = "--arguments",
                paramLabel = "JSON",
                description = "The arguments as a JSON object, such as {\"keys\":[\"user1\",\"user2\"]}.")
        private @Nullable String json;

        @Option(
                names = "--delay",
                paramLabel = "TIME",
                description = "How long the run waits, such as 10m. The command does not wait then.")
        private @Nullable String delay;

        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return PURPOSES;
        }

        @Override
        CommandResult change(Components components) {
            JobView run = components.operator().jobs().start(name, arguments(), JobOperations.options(delay, null));
            return delay == null ? jobWaiter.await(run, components, this) : CommandResult.of(run, run.id());
        }

        private Map<String, Object> arguments() {
            Map<String, Object> arguments =
                    new LinkedHashMap<>(json == null ? Map.of() : JobOperations.arguments(json));
            arguments.putAll(texts);
            return arguments;
        }

        @Override
        CommandResult preview(Components components) {
            Set<String> names = components.operator().jobs().names();
            if (!names.isEmpty() && !names.contains(name)) {
                throw wrongUsage("no node knows the job '" + name + "'; expected one of " + String.join(", ", names));
            }
            JobOperations.options(delay, null);
            int nodes = countNodes(components);
            return CommandResult.of(
                    new StartPreview(true, name, arguments(), nodes),
                    "would run " + name + " on one of " + TextFormatter.count(nodes, "node"));
        }

        /** The JSON of a dry run. */
        private record StartPreview(boolean dryRun, String name, Map<String, Object> arguments, int nodes) {}
    }

    /** The command {@code jobs cancel}. */
    @Command(
            name = "cancel",
            description = "Cancels a run: at once if it is queued, otherwise when it next checks for cancellation.")
    static final class Cancel extends MutatingCommand {
        @Parameters(paramLabel = "ID", description = "The id of the run.")
        private String id = "";

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return PURPOSES;
        }

        @Override
        CommandResult change(Components components) {
            JobView run = components.operator().jobs().cancel(id);
            return CommandResult.of(
                    run,
                    switch (run.state()) {
                        case CANCELLED -> "cancelled";
                        case RUNNING -> "cancellation requested; the run ends when it next checks for it";
                        default -> "the run had already ended: " + run.state().label();
                    });
        }

        @Override
        CommandResult preview(Components components) {
            JobView run = components.operator().jobs().show(id);
            return CommandResult.of(
                    new CancelPreview(true, run),
                    run.finishedAt() == null
                            ? "would cancel the run, which is " + run.state().label()
                            : "nothing to cancel: the run is " + run.state().label());
        }

        /** The JSON of a dry run. */
        private record CancelPreview(
                boolean dryRun,
                @JsonMember(unwrapped = true) JobView run) {}
    }
}
