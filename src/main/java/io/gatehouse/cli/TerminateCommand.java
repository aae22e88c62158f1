package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.config.GatehouseException;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.operate.JsonMember;
import io.gatehouse.operate.SessionDesk;
import io.gatehouse.operate.SessionViews.SessionDetailsView;
import io.gatehouse.operate.SessionViews.SessionView;
import io.gatehouse.operate.SessionViews.TerminationView;
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
        TerminationView ended = handle != null
                ? sessions.terminate(handle)
                : user != null ? sessions.terminateUser(user, except) : sessions.terminateAll();
        String job = ended.ended() > 0 ? notifyListeners(capabilities) : null;
        StringBuilder text = new StringBuilder(Text.count(ended.ended(), "session")).append(" ended");
        if (job != null) {
            text.append("; a node is asked to tell their listeners and remove them (job ")
                    .append(job)
                    .append(')');
        } else if (ended.ended() > 0) {
            text.append("; the next clean-up of a node tells their listeners");
        }
        Ended answer = new Ended(ended, job);
        if (!ended.confirmed()) {
            text.append(System.lineSeparator())
                    .append(ended.replicas())
                    .append(" of ")
                    .append(ended.replicasWanted())
                    .append(" replicas confirmed: a failover now may bring them back");
            return Answer.of(answer, text.toString()).endingWith(Exit.PARTLY);
        }
        return Answer.of(answer, text.toString());
    }

    /** Has a node notify the listeners at once: the id of the run, or null if it cannot be submitted. */
    private static @Nullable String notifyListeners(Capabilities capabilities) {
        try {
            return capabilities
                    .operator()
                    .jobs()
                    .start(JobDesk.CLEAN_UP_SESSIONS, Map.of())
                    .id();
        } catch (GatehouseException e) {
            return null;
        }
    }

    @Override
    Answer preview(Capabilities capabilities) {
        check();
        SessionDesk sessions = capabilities.operator().sessions();
        if (all) {
            long number = sessions.count().sessions();
            return Answer.of(
                    new CountPreview(true, number),
                    "would end " + Text.count(number, "session")
                            + ", those included that are over and not cleaned up yet");
        }
        if (user == null) {
            SessionDetailsView details = sessions.show(Objects.requireNonNull(handle));
            return Answer.of(new Preview(true, List.of(details)), text(List.of(details.session())));
        }
        List<SessionView> ending = sessions.ofUser(user).sessions().stream()
                .filter(session -> !session.handle().equals(except))
                .toList();
        return Answer.of(new Preview(true, ending), text(ending));
    }

    private static String text(List<SessionView> ending) {
        return Text.lines(
                "would end " + Text.count(ending.size(), "session"),
                Text.table(
                        ending,
                        "",
                        List.of(
                                Text.column("handle", SessionView::handle),
                                Text.column("user", SessionView::user),
                                Text.column("device", SessionView::device),
                                Text.column("address", SessionView::address),
                                Text.column("lastAccessedAt", SessionView::lastAccessedAt))));
    }

    /**
     * For programs.
     *
     * @param job the run that notifies the listeners, or null if there is none
     */
    private record Ended(
            @JsonMember(unwrapped = true) TerminationView termination,
            @Nullable String job) {}

    /** For programs: the sessions that would end. */
    private record Preview(boolean dryRun, List<? extends Record> sessions) {}

    /** For programs: how many sessions would end. */
    private record CountPreview(boolean dryRun, long sessions) {}
}
