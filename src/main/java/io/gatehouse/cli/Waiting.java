package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.Document;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.redis.RedisUnavailable;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options about a run that a node of the application does, and the waiting for it. */
final class Waiting {
    private static final long PAUSE_MILLIS = 100;
    private static final Pattern INCOMPLETE = Pattern.compile("\\b[1-9]\\d* failed|not complete");

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long to wait for a node that takes it (default: ${DEFAULT-VALUE}). Once taken it is waited for.")
    private int timeout;

    @Option(names = "--no-wait", description = "Does not wait, and prints the id of the run.")
    private boolean noWait;

    /** Waits for a run that was submitted, and says what came of it. */
    Answer of(Document submitted, Capabilities capabilities, OperatorCommand command) {
        String id = String.valueOf(submitted.get("id"));
        if (noWait) {
            return Answer.of(submitted, id);
        }
        command.say(submitted.get("name") + " is submitted as " + id);
        ProgressLine line = new ProgressLine(
                command.spec.commandLine().getErr(), command.surroundings().terminal());
        try {
            return answer(ended(id, capabilities, line));
        } finally {
            line.end();
        }
    }

    private Document ended(String id, Capabilities capabilities, ProgressLine line) {
        JobDesk jobs = capabilities.operator().jobs();
        long heardOf = System.nanoTime();
        boolean cancelled = false;
        while (true) {
            boolean overdue =
                    System.nanoTime() - heardOf > Duration.ofSeconds(timeout).toNanos();
            try {
                Document run = jobs.show(id);
                if (run.get("finishedAt") != null) {
                    if (cancelled && run.get("node") == null) {
                        throw nobody(capabilities);
                    }
                    return run;
                }
                if (!"queued".equals(run.get("state"))) {
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

    private static String progress(Document run) {
        StringBuilder text = new StringBuilder(String.valueOf(run.get("name")));
        if (run.get("node") != null) {
            text.append(" on ").append(run.get("node"));
        }
        if (Text.number(run, "done") > 0 || run.get("total") != null) {
            text.append(": ").append(run.get("done"));
            if (run.get("total") != null) {
                text.append(" of ").append(run.get("total"));
            }
        }
        if (run.get("message") != null) {
            text.append(' ').append(run.get("message"));
        }
        return text.toString();
    }

    private static Answer answer(Document run) {
        boolean succeeded = "succeeded".equals(run.get("state"));
        Object what = succeeded ? run.get("result") : run.get("message");
        String text = run.get("name") + " " + run.get("state") + (what == null ? "" : ": " + what)
                + (run.get("node") == null ? "" : " (node " + run.get("node") + ")");
        if (!succeeded) {
            return Answer.of(run, Text.plain(text)).endingWith(Exit.FAILED);
        }
        boolean partly = what != null && INCOMPLETE.matcher(what.toString()).find();
        return Answer.of(run, Text.plain(text)).endingWith(partly ? Exit.PARTLY : Exit.OK);
    }
}
