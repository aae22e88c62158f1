package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.JobDesk;
import io.gatehouse.operate.JobViews.JobView;
import io.gatehouse.operate.JsonMember;
import io.gatehouse.operate.Operator;
import io.gatehouse.redis.Purpose;
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

    private static JobView start(Capabilities capabilities) {
        return capabilities.operator().jobs().start(JobDesk.CLEAN_UP_SESSIONS, Map.of());
    }

    private static Answer wouldStart(Capabilities capabilities) {
        long sessions = capabilities.operator().sessions().count().sessions();
        int nodes = RedisCommand.countNodes(capabilities);
        return Answer.of(
                new Preview(true, JobDesk.CLEAN_UP_SESSIONS, sessions, nodes),
                "would have one of " + Text.count(nodes, "node") + " remove those of " + Text.count(sessions, "session")
                        + " that are over, and tell their listeners");
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
    static final class All extends ChangingCommand {
        @Mixin
        private Waiting waiting;

        @Override
        Set<Purpose> needs() {
            return EnumSet.of(Purpose.SESSIONS, Purpose.CACHE, Purpose.CACHE_WARMING);
        }

        @Override
        Answer change(Capabilities capabilities) {
            JobView run = start(capabilities);
            countNodes(capabilities); // which forgets those that were silent
            capabilities.operator().cache().statistics(); // and what they had counted
            return waiting.of(run, capabilities, this);
        }

        @Override
        Answer preview(Capabilities capabilities) {
            return wouldStart(capabilities);
        }
    }

    /** Sessions only. */
    @Command(name = "session_cleanup", description = "Has a node remove the sessions that are over.")
    static final class OfSessions extends ChangingCommand {
        @Option(
                names = "--key",
                paramLabel = "USER",
                description = "Tidies the list of this user's sessions too, and says how many are left.")
        private @Nullable String user;

        @Mixin
        private Waiting waiting;

        @Override
        Set<Purpose> needs() {
            return EnumSet.of(Purpose.SESSIONS, Purpose.CACHE_WARMING);
        }

        @Override
        Answer change(Capabilities capabilities) {
            Answer answer = waiting.of(start(capabilities), capabilities, this);
            if (user == null) {
                return answer;
            }
            int left = left(capabilities.operator(), user);
            return new Answer(
                    new Cleaned(answer.document(), left),
                    Text.lines(answer.text(), Text.plain(user) + " has " + Text.count(left, "session")),
                    answer.exit());
        }

        /** Reading the list removes entries of sessions that have ended. */
        private static int left(Operator operator, String user) {
            return operator.sessions().ofUser(user).sessions().size();
        }

        @Override
        Answer preview(Capabilities capabilities) {
            return wouldStart(capabilities);
        }
    }
}
