package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.Document;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.redis.Purpose;
import java.util.LinkedHashMap;
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
            Document jobs = capabilities.operator().jobs().list(limit);
            return Answer.of(
                    jobs,
                    Text.table(jobs, "jobs", "no jobs", "id", "name", "state", "done", "total", "node", "submittedAt"));
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
            Document run = capabilities.operator().jobs().show(id);
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
        Answer preview(Capabilities capabilities, Document would) {
            if (!JobDesk.NAMES.contains(name)) {
                throw wrongUsage("the job is '" + name + "'; expected one of "
                        + String.join(", ", new TreeSet<>(JobDesk.NAMES)));
            }
            Document named = new Document();
            arguments.forEach(named::with);
            int nodes = countNodes(capabilities);
            would.with("name", name).with("arguments", named).with("nodes", nodes);
            return Answer.of(would, "would have one of " + Text.count(nodes, "node") + " do " + name);
        }
    }

    /** One less. */
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
            Document run = capabilities.operator().jobs().cancel(id);
            String state = String.valueOf(run.get("state"));
            return Answer.of(
                    run,
                    switch (state) {
                        case "cancelled" -> "cancelled";
                        case "running" -> "it runs, and ends when its work next asks";
                        default -> "it had ended already: " + state;
                    });
        }

        @Override
        Answer preview(Capabilities capabilities, Document would) {
            Document run = capabilities.operator().jobs().show(id);
            run.members().forEach(would::with);
            return Answer.of(
                    would,
                    run.get("finishedAt") == null
                            ? "would cancel it; now it is " + run.get("state")
                            : "nothing to cancel, it is " + run.get("state"));
        }
    }
}
