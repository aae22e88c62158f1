package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.Operations;
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

    /**
     * The JSON of a cleanup for one user.
     *
     * @param run the run of the job
     * @param userSessions how many live sessions the user has
     */
    private record Cleaned(@JsonMember(unwrapped = true) Record run, int userSessions) {}

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
            JobView run = start(components);
            countNodes(components); // this also removes nodes that have stopped sending heartbeats
            components.operator().cache().statistics(); // this also removes the statistics of such nodes
            return jobWaiter.await(run, components, this);
        }

        @Override
        CommandResult preview(Components components) {
            return wouldStart(components);
        }
    }

    /** The command {@code session_cleanup}, which removes expired sessions only. */
    @Command(name = "session_cleanup", description = "Removes expired sessions, on a node.")
    static final class OfSessions extends MutatingCommand {
        @Option(
                names = "--key",
                paramLabel = "USER",
                description = "Also cleans up this user's session list and prints how many sessions the user has.")
        private @Nullable String user;

        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE_WARMING);
        }

        @Override
        CommandResult change(Components components) {
            CommandResult result = jobWaiter.await(start(components), components, this);
            if (user == null) {
                return result;
            }
            int userSessions = countSessions(components.operator(), user);
            return new CommandResult(
                    new Cleaned(result.document(), userSessions),
                    TextFormatter.lines(
                            result.text(),
                            TextFormatter.plain(user) + " has " + TextFormatter.count(userSessions, "session")),
                    result.exit());
        }

        /** Counts the live sessions of a user. Reading the list also removes the entries of ended sessions. */
        private static int countSessions(Operations operations, String user) {
            return operations.sessions().ofUser(user).sessions().size();
        }

        @Override
        CommandResult preview(Components components) {
            return wouldStart(components);
        }
    }
}
