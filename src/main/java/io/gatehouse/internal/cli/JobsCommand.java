package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobList;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code jobs ...}. */
@Command(
        name = "jobs",
        description = "Work that some node of the application does.",
        subcommands = {
            JobsCommand.Listing.class,
            JobsCommand.Show.class,
            JobsCommand.Start.class,
            JobsCommand.Cancel.class
        })
final class JobsCommand {
    private static final Set<RedisPurpose> NEEDS = Set.of(RedisPurpose.CACHE_WARMING);

    /** The last ones. */
    @Command(name = "list", description = "Lists what waits, runs and has ended, the last submitted first.")
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
                description = "How many, at most 200 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Override
        Set<RedisPurpose> needs() {
            return NEEDS;
        }

        @Override
        CommandResult answer(Components components) {
            JobList jobs = components.operator().jobs().list(limit);
            return CommandResult.of(jobs, TextFormatter.table(jobs.jobs(), "no jobs", COLUMNS));
        }
    }

    /** One of them. */
    @Command(name = "show", description = "Shows a run.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "ID", description = "Of the run.")
        private String id = "";

        @Override
        Set<RedisPurpose> needs() {
            return NEEDS;
        }

        @Override
        CommandResult answer(Components components) {
            JobView run = components.operator().jobs().show(id);
            return CommandResult.of(run, TextFormatter.members(run));
        }
    }

    /** A new one. */
    @Command(name = "start", description = "Has a node do a job, and waits for it.")
    static final class Start extends MutatingCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "warm-users, warm-oauth, warm-roles, warm-all or clean-up-sessions.")
        private String name = "";

        @Option(
                names = "--argument",
                paramLabel = "NAME=VALUE",
                description = "An argument, such as keys=42,43; may be there several times.")
        private Map<String, String> arguments = new LinkedHashMap<>();

        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> needs() {
            return NEEDS;
        }

        @Override
        CommandResult change(Components components) {
            return jobWaiter.of(components.operator().jobs().start(name, arguments), components, this);
        }

        @Override
        CommandResult preview(Components components) {
            if (!JobOperations.NAMES.contains(name)) {
                throw wrongUsage("the job is '" + name + "'; expected one of "
                        + String.join(", ", new TreeSet<>(JobOperations.NAMES)));
            }
            int nodes = countNodes(components);
            return CommandResult.of(
                    new StartPreview(true, name, arguments, nodes),
                    "would have one of " + TextFormatter.count(nodes, "node") + " do " + name);
        }

        /** For programs. */
        private record StartPreview(boolean dryRun, String name, Map<String, String> arguments, int nodes) {}
    }

    /** Cancels a run. */
    @Command(name = "cancel", description = "Cancels a run: at once if it waits, else when its work next asks.")
    static final class Cancel extends MutatingCommand {
        @Parameters(paramLabel = "ID", description = "Of the run.")
        private String id = "";

        @Override
        Set<RedisPurpose> needs() {
            return NEEDS;
        }

        @Override
        CommandResult change(Components components) {
            JobView run = components.operator().jobs().cancel(id);
            return CommandResult.of(
                    run,
                    switch (run.state()) {
                        case CANCELLED -> "cancelled";
                        case RUNNING -> "it runs, and ends when its work next asks";
                        default -> "it had ended already: " + run.state().label();
                    });
        }

        @Override
        CommandResult preview(Components components) {
            JobView run = components.operator().jobs().show(id);
            return CommandResult.of(
                    new CancelPreview(true, run),
                    run.finishedAt() == null
                            ? "would cancel it; now it is " + run.state().label()
                            : "nothing to cancel, it is " + run.state().label());
        }

        /** For programs. */
        private record CancelPreview(
                boolean dryRun,
                @JsonMember(unwrapped = true) JobView run) {}
    }
}
