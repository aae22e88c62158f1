package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.config.GatehouseException;
import io.gatehouse.operate.Document;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.operate.SessionDesk;
import io.gatehouse.redis.Purpose;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code sessions terminate}. */
@Command(
        name = "terminate",
        description = "Ends sessions: no node accepts them any more when this returns. Listeners are told by a node.")
final class TerminateCommand extends ChangingCommand {
    @Parameters(paramLabel = "HANDLE", arity = "0..1", description = "The session.")
    private @Nullable String handle;

    @Option(names = "--user", paramLabel = "USER", description = "All sessions of this user.")
    private @Nullable String user;

    @Option(names = "--except", paramLabel = "HANDLE", description = "With --user: this one stays.")
    private @Nullable String except;

    @Option(names = "--all", description = "Every session of the application; needs --yes.")
    private boolean all;

    @Option(names = "--yes", description = "Yes, all of them.")
    private boolean yes;

    @Override
    Set<Purpose> needs() {
        return EnumSet.of(Purpose.SESSIONS);
    }

    private void check() {
        long ways = Stream.of(handle, user, all ? "all" : null)
                .filter(Objects::nonNull)
                .count();
        if (ways != 1 || (except != null && user == null)) {
            throw wrongUsage("expected one of HANDLE, --user U [--except HANDLE], --all --yes");
        }
        if (all && !yes && !isDryRun()) {
            throw wrongUsage("--all ends every session of the application; expected --yes, or --dry-run, too");
        }
    }

    @Override
    Answer change(Capabilities capabilities) {
        check();
        SessionDesk sessions = capabilities.operator().sessions();
        Document ended = handle != null
                ? sessions.terminate(handle)
                : user != null ? sessions.terminateUser(user, except) : sessions.terminateAll();
        long number = Text.number(ended, "ended");
        String text = Text.count(number, "session") + " ended";
        if (number > 0) {
            text += "; " + tell(capabilities, ended);
        }
        if (!Boolean.TRUE.equals(ended.get("confirmed"))) {
            return Answer.of(
                            ended,
                            text + System.lineSeparator() + ended.get("replicas") + " of " + ended.get("replicasWanted")
                                    + " replicas confirmed: a failover now may bring them back")
                    .endingWith(Exit.PARTLY);
        }
        return Answer.of(ended, text);
    }

    /** Has a node tell the listeners at once. */
    private static String tell(Capabilities capabilities, Document ended) {
        try {
            Object id = capabilities
                    .operator()
                    .jobs()
                    .start(JobDesk.CLEAN_UP_SESSIONS, Map.of())
                    .get("id");
            ended.with("job", id);
            return "a node is asked to tell their listeners and remove them (job " + id + ")";
        } catch (GatehouseException e) {
            return "the next clean-up of a node tells their listeners";
        }
    }

    @Override
    Answer preview(Capabilities capabilities, Document would) {
        check();
        SessionDesk sessions = capabilities.operator().sessions();
        if (all) {
            long number = Text.number(sessions.count(), "sessions");
            return Answer.of(
                    would.with("sessions", number),
                    "would end " + Text.count(number, "session")
                            + ", those included that are over and not cleaned up yet");
        }
        Document which = user != null
                ? sessions.ofUser(user)
                : new Document().with("sessions", List.of(sessions.show(Objects.requireNonNull(handle))));
        would.with(
                "sessions",
                Text.rows(which, "sessions").stream()
                        .filter(session -> !Objects.equals(session.get("handle"), except))
                        .toList());
        return Answer.of(
                would,
                Text.lines(
                        "would end " + Text.count(Text.rows(would, "sessions").size(), "session"),
                        Text.table(would, "sessions", "", "handle", "user", "device", "address", "lastAccessedAt")));
    }
}
