package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.session.UserCleanup;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands {@code cleanup} and {@code session_cleanup}. Nodes clean up periodically even without them. */
final class CleanUpCommands {
    private CleanUpCommands() {}

    private static JobView start(Components components) {
        return components.operator().jobs().start(JobOperations.CLEAN_UP_SESSIONS, Map.of());
    }

    private static CommandResult wouldStart(Components components) {
        long sessions = components.operator().sessions().count().sessions();
        int nodes = RedisCommand.countNodes(components);
        return CommandResult.of(
                new Preview(true, JobOperations.CLEAN_UP_SESSIONS, sessions, nodes),
                "would remove the expired ones of " + TextFormatter.count(sessions, "session")
                        + " and notify their listeners, on one of " + TextFormatter.count(nodes, "node"));
    }

    /** The JSON of a dry run. */
    private record Preview(boolean dryRun, String job, long sessions, int nodes) {}

    /** The command {@code cleanup}, which removes expired sessions and dead nodes. */
    @Command(
            name = "cleanup",
            description = "Removes expired sessions, on a node, and the entries of dead nodes. Everything else in Redis"
                    + " expires by itself.")
    static final class All extends MutatingCommand {
        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING);
        }

        @Override
        CommandResult change(Components components) {
            components.operator().jobs().start(JobOperations.CLEAN_UP_RATE_LIMITS, Map.of());
            JobView run = start(components);
            countNodes(components); // this also removes nodes that have stopped sending heartbeats
            return jobWaiter.await(run, components, this);
        }

        @Override
        CommandResult preview(Components components) {
            return wouldStart(components);
        }
    }

    /** The command {@code session_cleanup}, which removes expired sessions only: those of all users, or of one. */
    @Command(
            name = "session_cleanup",
            description =
                    "Removes expired sessions, on a node; with --key, only those of one user, and the stale entries"
                            + " of the user's session list.")
    static final class OfSessions extends MutatingCommand {
        @Option(
                names = "--key",
                paramLabel = "USER",
                description =
                        "Cleans up the sessions of this user only, and prints how many live sessions the user has.")
        private @Nullable String user;

        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return user == null
                    ? EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE_WARMING)
                    : EnumSet.of(RedisPurpose.SESSIONS);
        }

        @Override
        CommandResult change(Components components) {
            if (user == null) {
                return jobWaiter.await(start(components), components, this);
            }
            UserCleanup cleanup = components.operator().sessions().cleanUpUser(user);
            String job = cleanup.expired() > 0 ? TerminateCommand.notifyListeners(components) : null;
            String listeners = cleanup.expired() == 0
                    ? ""
                    : job == null
                            ? "; a node notifies their listeners at its next cleanup"
                            : "; a node notifies their listeners and removes them (run " + job + ")";
            return CommandResult.of(
                    new Cleaned(false, cleanup.expired(), cleanup.staleEntries(), cleanup.live(), job),
                    TextFormatter.lines(
                            TextFormatter.count(cleanup.expired(), "expired session") + " ended" + listeners,
                            TextFormatter.count(cleanup.staleEntries(), "stale entry")
                                    + " removed from the session list",
                            live(cleanup)));
        }

        private String live(UserCleanup cleanup) {
            return TextFormatter.plain(String.valueOf(user)) + " has "
                    + TextFormatter.count(cleanup.live(), "live session");
        }

        @Override
        CommandResult preview(Components components) {
            if (user == null) {
                return wouldStart(components);
            }
            UserCleanup cleanup = components.operator().sessions().previewUserCleanup(user);
            return CommandResult.of(
                    new Cleaned(true, 0, cleanup.staleEntries(), cleanup.live(), null),
                    TextFormatter.lines(
                            "would end or remove what is expired or stale of "
                                    + TextFormatter.count(cleanup.staleEntries(), "entry") + " of the session list",
                            live(cleanup)));
        }
    }

    /**
     * The JSON of a cleanup for one user.
     *
     * @param expired how many expired sessions were ended
     * @param staleEntries how many entries were removed from the user's session list; in a dry run, how many do not name a live session
     * @param userSessions how many live sessions the user has
     * @param job the run that notifies the listeners, or null if there is none
     */
    private record Cleaned(
            boolean dryRun,
            int expired,
            int staleEntries,
            int userSessions,
            @Nullable String job) {}
}
