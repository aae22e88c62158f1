package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands {@code cleanup} and {@code session_cleanup}. Nodes do the same by themselves, only later. */
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
                "would have one of " + TextFormatter.count(nodes, "node") + " remove those of "
                        + TextFormatter.count(sessions, "session") + " that are over, and tell their listeners");
    }

    /** For programs. */
    private record Preview(boolean dryRun, String job, long sessions, int nodes) {}

    /**
     * For programs.
     *
     * @param run the run of the job
     * @param userSessions how many sessions the user has left
     */
    private record Cleaned(@JsonMember(unwrapped = true) Record run, int userSessions) {}

    /** Everything there is to clean up. */
    @Command(
            name = "cleanup",
            description =
                    "Cleans up what can be: has a node remove the sessions that are over, and forgets nodes that are"
                            + " gone. All else in Redis goes by itself.")
    static final class All extends MutatingCommand {
        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> needs() {
            return EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING);
        }

        @Override
        CommandResult change(Components components) {
            JobView run = start(components);
            countNodes(components); // which forgets those that were silent
            components.operator().cache().statistics(); // and what they had counted
            return jobWaiter.of(run, components, this);
        }

        @Override
        CommandResult preview(Components components) {
            return wouldStart(components);
        }
    }

    /** Sessions only. */
    @Command(name = "session_cleanup", description = "Has a node remove the sessions that are over.")
    static final class OfSessions extends MutatingCommand {
        @Option(
                names = "--key",
                paramLabel = "USER",
                description = "Tidies the list of this user's sessions too, and says how many are left.")
        private @Nullable String user;

        @Mixin
        private JobWaiter jobWaiter;

        @Override
        Set<RedisPurpose> needs() {
            return EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE_WARMING);
        }

        @Override
        CommandResult change(Components components) {
            CommandResult commandResult = jobWaiter.of(start(components), components, this);
            if (user == null) {
                return commandResult;
            }
            int left = left(components.operator(), user);
            return new CommandResult(
                    new Cleaned(commandResult.document(), left),
                    TextFormatter.lines(
                            commandResult.text(),
                            TextFormatter.plain(user) + " has " + TextFormatter.count(left, "session")),
                    commandResult.exit());
        }

        /** Reading the list removes entries of sessions that have ended. */
        private static int left(Operations operations, String user) {
            return operations.sessions().ofUser(user).sessions().size();
        }

        @Override
        CommandResult preview(Components components) {
            return wouldStart(components);
        }
    }
}
