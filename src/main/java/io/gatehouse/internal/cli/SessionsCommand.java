package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.SessionOperations;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionList;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code sessions ...}. */
@Command(
        name = "sessions",
        description = "Sessions, named by their handles, which open nothing.",
        subcommands = {SessionsCommand.Listing.class, SessionsCommand.Show.class, TerminateCommand.class})
final class SessionsCommand {

    /** Page after page, or those of a user. */
    @Command(name = "list", description = "Lists all sessions, page after page, or those of a user.")
    static final class Listing extends RedisCommand {
        private static final List<TextFormatter.Column<SessionView>> COLUMNS = List.of(
                TextFormatter.column("handle", SessionView::handle),
                TextFormatter.column("user", SessionView::user),
                TextFormatter.column("device", SessionView::device),
                TextFormatter.column("address", SessionView::address),
                TextFormatter.column("createdAt", SessionView::createdAt),
                TextFormatter.column("lastAccessedAt", SessionView::lastAccessedAt),
                TextFormatter.column("idleLeftSeconds", SessionView::idleLeft));

        @Option(
                names = "--user",
                paramLabel = "USER",
                description = "Only those of this user, the one used last first.")
        private @Nullable String user;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where the page before says the next begins.")
        private String cursor = "";

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "About how many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Override
        Set<RedisPurpose> needs() {
            return EnumSet.of(RedisPurpose.SESSIONS);
        }

        @Override
        CommandResult answer(Components components) {
            SessionOperations desk = components.operator().sessions();
            SessionList sessions = user == null ? desk.list(cursor, limit) : desk.ofUser(user);
            String table = TextFormatter.table(sessions.sessions(), "no sessions", COLUMNS);
            String next = sessions.next();
            return CommandResult.of(
                    sessions,
                    next == null ? table : TextFormatter.lines(table, "", "There are more: --cursor " + next));
        }
    }

    /** One of them. */
    @Command(name = "show", description = "Shows a session: its attributes by name only.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "HANDLE", description = "Of the session.")
        private String handle = "";

        @Override
        Set<RedisPurpose> needs() {
            return EnumSet.of(RedisPurpose.SESSIONS);
        }

        @Override
        CommandResult answer(Components components) {
            SessionDetailsView session = components.operator().sessions().show(handle);
            return CommandResult.of(session, TextFormatter.members(session));
        }
    }
}
