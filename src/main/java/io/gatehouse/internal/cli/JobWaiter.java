package io.gatehouse.internal.cli;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options about a run that a node of the application does, and the waiting for it. */
final class JobWaiter {
    private static final long PAUSE_MILLIS = 100;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long to wait for a node that takes it (default: ${DEFAULT-VALUE}). Once taken it is waited for.")
    private int timeout;

    @Option(names = "--no-wait", description = "Does not wait, and prints the id of the run.")
    private boolean noWait;

    /** Waits for a submitted run, and answers with its result. */
    CommandResult of(JobView submitted, Components components, OperatorCommand command) {
        String id = submitted.id();
        if (noWait) {
            return CommandResult.of(submitted, id);
        }
        command.say(submitted.name() + " is submitted as " + id);
        ProgressLine line = new ProgressLine(
                command.spec.commandLine().getErr(), command.surroundings().terminal());
        try {
            return answer(ended(id, components, line));
        } finally {
            line.end();
        }
    }

    private JobRun ended(String id, Components components, ProgressLine line) {
        JobOperations jobs = components.operator().jobs();
        long heardOf = System.nanoTime();
        boolean cancelled = false;
        while (true) {
            boolean overdue =
                    System.nanoTime() - heardOf > Duration.ofSeconds(timeout).toNanos();
            try {
                JobRun run = jobs.find(id);
                if (run.finished() != null) {
                    if (cancelled && run.node() == null) {
                        throw nobody(components);
                    }
                    return run;
                }
                if (run.state() != JobState.QUEUED) {
                    heardOf = System.nanoTime();
                    line.show(progress(run));
                } else if (overdue) {
                    line.end();
                    jobs.cancel(id);
                    cancelled = true;
                }
            } catch (RedisUnavailableException e) {
                if (overdue) {
                    throw new CommandException(
                            ExitCode.UNHEALTHY,
                            "Redis is away, the run goes on without it: jobs show " + id + " (" + e.getMessage() + ")");
                }
            }
            RedisCommand.pause(PAUSE_MILLIS);
        }
    }

    private CommandException nobody(Components components) {
        int nodes = RedisCommand.countNodes(components);
        String application = components.settings().session().application();
        return new CommandException(
                ExitCode.FAILED,
                "no node of the application " + application + " has taken the run within " + timeout
                        + " s, and it is cancelled: "
                        + (nodes == 0
                                ? "no node is alive"
                                : TextFormatter.count(nodes, "node")
                                        + " alive, at work with other runs or not started yet"));
    }

    private static String progress(JobRun run) {
        StringBuilder text = new StringBuilder(run.name());
        if (run.node() != null) {
            text.append(" on ").append(run.node());
        }
        if (run.done() > 0 || run.total() > 0) {
            text.append(": ").append(run.done());
            if (run.total() > 0) {
                text.append(" of ").append(run.total());
            }
        }
        if (!run.message().isEmpty()) {
            text.append(' ').append(run.message());
        }
        return text.toString();
    }

    private static CommandResult answer(JobRun run) {
        JobResult result = run.result();
        String what = run.state() != JobState.SUCCEEDED ? run.message() : result == null ? "" : result.message();
        String text = run.name() + " " + run.state().label() + (what.isEmpty() ? "" : ": " + what)
                + (run.node() == null ? "" : " (node " + run.node() + ")");
        return CommandResult.of(JobView.of(run), TextFormatter.plain(text)).endingWith(exit(run));
    }

    private static ExitCode exit(JobRun run) {
        if (run.state() != JobState.SUCCEEDED) {
            return ExitCode.FAILED;
        }
        JobResult result = run.result();
        return result != null && result.isPartial() ? ExitCode.PARTLY : ExitCode.OK;
    }
}
