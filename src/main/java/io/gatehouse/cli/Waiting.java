package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.operate.JobViews.JobView;
import io.gatehouse.redis.RedisUnavailable;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options about a run that a node of the application does, and the waiting for it. */
final class Waiting {
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
    Answer of(JobView submitted, Capabilities capabilities, OperatorCommand command) {
        String id = submitted.id();
        if (noWait) {
            return Answer.of(submitted, id);
        }
        command.say(submitted.name() + " is submitted as " + id);
        ProgressLine line = new ProgressLine(
                command.spec.commandLine().getErr(), command.surroundings().terminal());
        try {
            return answer(ended(id, capabilities, line));
        } finally {
            line.end();
        }
    }

    private JobRun ended(String id, Capabilities capabilities, ProgressLine line) {
        JobDesk jobs = capabilities.operator().jobs();
        long heardOf = System.nanoTime();
        boolean cancelled = false;
        while (true) {
            boolean overdue =
                    System.nanoTime() - heardOf > Duration.ofSeconds(timeout).toNanos();
            try {
                JobRun run = jobs.find(id);
                if (run.finished() != null) {
                    if (cancelled && run.node() == null) {
                        throw nobody(capabilities);
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
            } catch (RedisUnavailable e) {
                if (overdue) {
                    throw new CommandFailed(
                            Exit.UNHEALTHY,
                            "Redis is away, the run goes on without it: jobs show " + id + " (" + e.getMessage() + ")");
                }
            }
            RedisCommand.pause(PAUSE_MILLIS);
        }
    }

    private CommandFailed nobody(Capabilities capabilities) {
        int nodes = RedisCommand.countNodes(capabilities);
        String application = capabilities.settings().session().application();
        return new CommandFailed(
                Exit.FAILED,
                "no node of the application " + application + " has taken the run within " + timeout
                        + " s, and it is cancelled: "
                        + (nodes == 0
                                ? "no node is alive"
                                : Text.count(nodes, "node") + " alive, at work with other runs or not started yet"));
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

    private static Answer answer(JobRun run) {
        JobResult result = run.result();
        String what = run.state() != JobState.SUCCEEDED ? run.message() : result == null ? "" : result.message();
        String text = run.name() + " " + run.state().label() + (what.isEmpty() ? "" : ": " + what)
                + (run.node() == null ? "" : " (node " + run.node() + ")");
        return Answer.of(JobView.of(run), Text.plain(text)).endingWith(exit(run));
    }

    private static Exit exit(JobRun run) {
        if (run.state() != JobState.SUCCEEDED) {
            return Exit.FAILED;
        }
        JobResult result = run.result();
        return result != null && result.isPartial() ? Exit.PARTLY : Exit.OK;
    }
}
