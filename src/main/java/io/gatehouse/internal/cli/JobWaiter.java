package io.gatehouse.internal.cli;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Option;

/**
 * Waits for a run that a node of the application executes, as the options {@code --timeout} and {@code --no-wait} say.
 *
 * <p>The timeout covers only the time in which no node has taken the run; a run that is still queued then is cancelled. A node that
 * takes it at the last moment wins: the cancellation has no effect and the command waits on. If Redis becomes unavailable, the
 * command retries for as long as the timeout.
 */
final class JobWaiter {
    private static final long PAUSE_MILLIS = 100;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long to wait for a node to take the run (default: ${DEFAULT-VALUE}). Once taken, waits for its end.")
    private int timeout;

    @Option(names = "--no-wait", description = "Does not wait; prints the id of the run.")
    private boolean noWait;

    /** Waits for a submitted run and returns its result. */
    CommandResult await(JobView submitted, Components components, OperatorCommand command) {
        String id = submitted.id();
        if (noWait) {
            return CommandResult.of(submitted, id);
        }
        command.say(submitted.name() + " submitted as run " + id);
        boolean terminal = command.environment().terminal();
        ProgressLine line = ProgressLine.of(command);
        try {
            return result(awaitEnd(id, components, line, terminal));
        } finally {
            line.end();
        }
    }

    private JobRun awaitEnd(String id, Components components, ProgressLine line, boolean terminal) {
        ProgressBar bar = new ProgressBar(System::nanoTime);
        JobOperations jobs = components.operator().jobs();
        long lastProgress = System.nanoTime();
        boolean cancelled = false;
        while (true) {
            boolean overdue = System.nanoTime() - lastProgress
                    > Duration.ofSeconds(timeout).toNanos();
            try {
                JobRun run = jobs.find(id);
                if (run.finished() != null) {
                    if (cancelled && run.node() == null) {
                        throw notTaken(components);
                    }
                    return run;
                }
                boolean delayed = run.due().isAfter(Instant.now()); // waits for its next attempt
                if (run.state() != JobState.QUEUED || delayed) {
                    lastProgress = System.nanoTime();
                    line.show(progress(run, bar, terminal));
                } else if (overdue) {
                    line.end();
                    jobs.cancel(id);
                    cancelled = true;
                }
            } catch (RedisUnavailableException e) {
                if (overdue) {
                    throw new CommandException(
                            ExitCode.UNHEALTHY,
                            "Redis is unavailable: " + e.getMessage() + "; the run may go on, see: gatehouse jobs show "
                                    + id);
                }
            }
            RedisCommand.pause(PAUSE_MILLIS);
        }
    }

    private CommandException notTaken(Components components) {
        int nodes = RedisCommand.countNodes(components);
        String application = components.settings().session().application();
        return new CommandException(
                ExitCode.FAILED,
                "no node of the application " + application + " took the run within " + timeout
                        + " s, so it was cancelled: "
                        + (nodes == 0
                                ? "no node is alive"
                                : TextFormatter.count(nodes, "node")
                                        + " alive, but busy with other runs or still starting"));
    }

    /** Returns one line; with a bar on a terminal, which changes while the numbers do not. */
    private static String progress(JobRun run, ProgressBar bar, boolean terminal) {
        StringBuilder text = new StringBuilder(run.name());
        if (run.node() != null) {
            text.append(" on ").append(run.node());
        }
        String counts = terminal
                ? bar.text(run.done(), run.total())
                : run.done() <= 0 && run.total() <= 0 ? "" : run.done() + (run.total() > 0 ? " of " + run.total() : "");
        if (!counts.isEmpty()) {
            text.append(": ").append(counts);
        }
        if (!run.message().isEmpty()) {
            text.append(' ').append(run.message());
        }
        return text.toString();
    }

    private static CommandResult result(JobRun run) {
        JobResult result = run.result();
        String details = run.state() != JobState.SUCCEEDED ? run.message() : result == null ? "" : result.message();
        String text = run.name() + " " + run.state().label() + (details.isEmpty() ? "" : ": " + details)
                + (run.node() == null ? "" : " (node " + run.node() + ")");
        return CommandResult.of(JobView.of(run), TextFormatter.plain(text)).withExit(exit(run));
    }

    private static ExitCode exit(JobRun run) {
        if (run.state() != JobState.SUCCEEDED) {
            return ExitCode.FAILED;
        }
        JobResult result = run.result();
        return result != null && result.isPartial() ? ExitCode.PARTLY : ExitCode.OK;
    }
}
