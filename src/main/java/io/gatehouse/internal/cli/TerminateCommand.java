package io.gatehouse.internal.cli;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.SessionOperations;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
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
final class TerminateCommand extends MutatingCommand {
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
    Set<RedisPurpose> needs() {
        return EnumSet.of(RedisPurpose.SESSIONS);
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
    CommandResult change(Components components) {
        check();
        SessionOperations sessions = components.operator().sessions();
        TerminationView ended = handle != null
                ? sessions.terminate(handle)
                : user != null ? sessions.terminateUser(user, except) : sessions.terminateAll();
        String job = ended.ended() > 0 ? notifyListeners(components) : null;
        StringBuilder text = new StringBuilder(TextFormatter.count(ended.ended(), "session")).append(" ended");
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
            return CommandResult.of(answer, text.toString()).endingWith(ExitCode.PARTLY);
        }
        return CommandResult.of(answer, text.toString());
    }

    /** Has a node notify the listeners at once: the id of the run, or null if it cannot be submitted. */
    private static @Nullable String notifyListeners(Components components) {
        try {
            return components
                    .operator()
                    .jobs()
                    .start(JobOperations.CLEAN_UP_SESSIONS, Map.of())
                    .id();
        } catch (GatehouseException e) {
            return null;
        }
    }

    @Override
    CommandResult preview(Components components) {
        check();
        SessionOperations sessions = components.operator().sessions();
        if (all) {
            long number = sessions.count().sessions();
            return CommandResult.of(
                    new CountPreview(true, number),
                    "would end " + TextFormatter.count(number, "session")
                            + ", those included that are over and not cleaned up yet");
        }
        if (user == null) {
            SessionDetailsView details = sessions.show(Objects.requireNonNull(handle));
            return CommandResult.of(new Preview(true, List.of(details)), text(List.of(details.session())));
        }
        List<SessionView> ending = sessions.ofUser(user).sessions().stream()
                .filter(session -> !session.handle().equals(except))
                .toList();
        return CommandResult.of(new Preview(true, ending), text(ending));
    }

    private static String text(List<SessionView> ending) {
        return TextFormatter.lines(
                "would end " + TextFormatter.count(ending.size(), "session"),
                TextFormatter.table(
                        ending,
                        "",
                        List.of(
                                TextFormatter.column("handle", SessionView::handle),
                                TextFormatter.column("user", SessionView::user),
                                TextFormatter.column("device", SessionView::device),
                                TextFormatter.column("address", SessionView::address),
                                TextFormatter.column("lastAccessedAt", SessionView::lastAccessedAt))));
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
