package io.gatehouse.internal.cli;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.SessionOperations;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
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

/** The command {@code sessions terminate}, which ends sessions. */
@Command(
        name = "terminate",
        description = "Ends sessions. When it returns, no node accepts them any more. A node notifies their listeners.")
final class TerminateCommand extends MutatingCommand {
    @Parameters(paramLabel = "HANDLE", arity = "0..1", description = "The handle of the session to end.")
    private @Nullable String handle;

    @Option(names = "--user", paramLabel = "USER", description = "Ends all sessions of this user.")
    private @Nullable String user;

    @Option(names = "--except", paramLabel = "HANDLE", description = "With --user: the session to keep.")
    private @Nullable String except;

    @Option(names = "--all", description = "Ends every session of the application. Needs --yes.")
    private boolean all;

    @Option(names = "--yes", description = "Confirms --all.")
    private boolean yes;

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return EnumSet.of(RedisPurpose.SESSIONS);
    }

    private void checkOptions() {
        long targets = Stream.of(handle, user, all ? "all" : null)
                .filter(Objects::nonNull)
                .count();
        if (targets != 1 || (except != null && user == null)) {
            throw wrongUsage("expected exactly one of HANDLE, --user USER [--except HANDLE], --all --yes");
        }
        if (all && !yes && !isDryRun()) {
            throw wrongUsage("--all ends every session of the application; add --yes to confirm, or --dry-run");
        }
    }

    @Override
    CommandResult change(Components components) {
        checkOptions();
        SessionOperations sessions = components.operator().sessions();
        TerminationView ended = handle != null
                ? sessions.terminate(handle)
                : user != null ? sessions.terminateUser(user, except) : sessions.terminateAll();
        String job = ended.ended() > 0 ? notifyListeners(components) : null;
        StringBuilder text = new StringBuilder(TextFormatter.count(ended.ended(), "session")).append(" ended");
        if (job != null) {
            text.append("; a node notifies their listeners and removes them (run ")
                    .append(job)
                    .append(')');
        } else if (ended.ended() > 0) {
            text.append("; a node notifies their listeners at its next cleanup");
        }
        Ended document = new Ended(ended, job);
        if (!ended.confirmed()) {
            text.append(System.lineSeparator())
                    .append(ended.replicas())
                    .append(" of ")
                    .append(ended.replicasWanted())
                    .append(" replicas acknowledged: a failover now may restore the sessions");
            return CommandResult.of(document, text.toString()).withExit(ExitCode.PARTLY);
        }
        return CommandResult.of(document, text.toString());
    }

    /** Submits a run that notifies the listeners at once. Returns its id, or null if it could not be submitted. */
    static @Nullable String notifyListeners(Components components) {
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
        checkOptions();
        SessionOperations sessions = components.operator().sessions();
        if (all) {
            long number = sessions.count().sessions();
            return CommandResult.of(
                    new CountPreview(true, number),
                    "would end " + TextFormatter.count(number, "session")
                            + ", including expired ones that have not been removed yet");
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
                                TextFormatter.column("device", new DeviceNames()::of),
                                TextFormatter.column("address", SessionView::address),
                                TextFormatter.column("lastAccessedAt", SessionView::lastAccessedAt))));
    }

    /**
     * The JSON of a termination.
     *
     * @param job the run that notifies the listeners, or null if it could not be submitted
     */
    private record Ended(
            @JsonMember(unwrapped = true) TerminationView termination,
            @Nullable String job) {}

    /** The JSON of a dry run: the sessions that would end. */
    private record Preview(boolean dryRun, List<? extends Record> sessions) {}

    /** The JSON of a dry run with {@code --all}: how many sessions would end. */
    private record CountPreview(boolean dryRun, long sessions) {}
}
