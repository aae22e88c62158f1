package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.LimitViews.BlockedView;
import io.gatehouse.internal.ops.LimitViews.ReleaseView;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.ratelimit.BlockedClient;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code limits blocked} and {@code limits release}. */
final class BlockedCommands {
    private static final int MOST = 1_000;

    private static final List<TextFormatter.Column<BlockedClient>> COLUMNS = List.of(
            TextFormatter.column("rule", BlockedClient::rule),
            TextFormatter.column("scope", BlockedClient::scope),
            TextFormatter.column("key", BlockedClient::key),
            TextFormatter.column("counter", BlockedClient::counter),
            TextFormatter.column("until", BlockedClient::until));

    private BlockedCommands() {}

    /** The command {@code limits blocked}. */
    @Command(
            name = "blocked",
            description = "Lists the clients that rules refuse now and the accounts that are locked.")
    static final class Blocked extends RedisCommand {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "The most clients to list, from 1 to 1000; 100 by default.")
        private int limit;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.RATE_LIMIT);
        }

        @Override
        CommandResult run(Components components) {
            if (limit < 1 || limit > MOST) {
                throw wrongUsage("--limit is " + limit + "; expected a number from 1 to " + MOST);
            }
            BlockedView view = components.operator().limits().blocked(limit);
            return CommandResult.of(view, TextFormatter.table(view.blocked(), "no client is blocked", COLUMNS));
        }
    }

    /** The command {@code limits release}. */
    @Command(
            name = "release",
            description =
                    "Releases a blocked client: resets its counter, or the failed logins of a locked account. Nodes apply it within ten seconds.")
    static final class Release extends MutatingCommand {
        @Parameters(index = "0", paramLabel = "COUNTER", description = "The counter that limits blocked shows.")
        private String counter = "";

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.RATE_LIMIT);
        }

        @Override
        CommandResult change(Components components) {
            ReleaseView view = components.operator().limits().release(counter);
            return CommandResult.of(
                    view,
                    view.released()
                            ? "released; the nodes apply it within ten seconds"
                            : "nothing to release: the counter is not in the list of limits blocked");
        }

        @Override
        CommandResult preview(Components components) {
            List<BlockedClient> listed = components.operator().limits().blocked(MOST).blocked().stream()
                    .filter(client -> client.counter().equals(counter))
                    .toList();
            return CommandResult.of(
                    new Preview(true, listed),
                    TextFormatter.lines("would release:", TextFormatter.table(listed, "no client", COLUMNS)));
        }

        /** The JSON of a dry run. */
        private record Preview(boolean dryRun, List<BlockedClient> blocked) {}
    }
}
