package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.operate.JobViews.JobList;
import io.gatehouse.operate.JobViews.JobView;
import io.gatehouse.operate.JsonMember;
import io.gatehouse.redis.Purpose;
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
    private static final Set<Purpose> NEEDS = Set.of(Purpose.CACHE_WARMING);

    /** The last ones. */
    @Command(name = "list", description = "Lists what waits, runs and has ended, the last submitted first.")
    static final class Listing extends RedisCommand {
        private static final List<Text.Column<JobView>> COLUMNS = List.of(
                Text.column("id", JobView::id),
                Text.column("name", JobView::name),
                Text.column("state", JobView::state),
                Text.column("done", JobView::done),
                Text.column("total", JobView::total),
                Text.column("node", JobView::node),
                Text.column("submittedAt", JobView::submittedAt));

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "How many, at most 200 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Override
        Set<Purpose> needs() {
            return NEEDS;
        }

        @Override
        Answer answer(Capabilities capabilities) {
            JobList jobs = capabilities.operator().jobs().list(limit);
            return Answer.of(jobs, Text.table(jobs.jobs(), "no jobs", COLUMNS));
        }
    }

    /** One of them. */
    @Command(name = "show", description = "Shows a run.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "ID", description = "Of the run.")
        private String id = "";

        @Override
        Set<Purpose> needs() {
            return NEEDS;
        }

        @Override
        Answer answer(Capabilities capabilities) {
            JobView run = capabilities.operator().jobs().show(id);
            return Answer.of(run, Text.members(run));
        }
    }

    /** A new one. */
    @Command(name = "start", description = "Has a node do a job, and waits for it.")
    static final class Start extends ChangingCommand {
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
        private Waiting waiting;

        @Override
        Set<Purpose> needs() {
            return NEEDS;
        }

        @Override
        Answer change(Capabilities capabilities) {
            return waiting.of(capabilities.operator().jobs().start(name, arguments), capabilities, this);
        }

        @Override
        Answer preview(Capabilities capabilities) {
            if (!JobDesk.NAMES.contains(name)) {
                throw wrongUsage("the job is '" + name + "'; expected one of "
                        + String.join(", ", new TreeSet<>(JobDesk.NAMES)));
            }
            int nodes = countNodes(capabilities);
            return Answer.of(
                    new StartPreview(true, name, arguments, nodes),
                    "would have one of " + Text.count(nodes, "node") + " do " + name);
        }

        /** For programs. */
        private record StartPreview(boolean dryRun, String name, Map<String, String> arguments, int nodes) {}
    }

    /** Cancels a run. */
    @Command(name = "cancel", description = "Cancels a run: at once if it waits, else when its work next asks.")
    static final class Cancel extends ChangingCommand {
        @Parameters(paramLabel = "ID", description = "Of the run.")
        private String id = "";

        @Override
        Set<Purpose> needs() {
            return NEEDS;
        }

        @Override
        Answer change(Capabilities capabilities) {
            JobView run = capabilities.operator().jobs().cancel(id);
            return Answer.of(
                    run,
                    switch (run.state()) {
                        case CANCELLED -> "cancelled";
                        case RUNNING -> "it runs, and ends when its work next asks";
                        default -> "it had ended already: " + run.state().label();
                    });
        }

        @Override
        Answer preview(Capabilities capabilities) {
            JobView run = capabilities.operator().jobs().show(id);
            return Answer.of(
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
