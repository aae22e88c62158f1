package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.SessionDesk;
import io.gatehouse.operate.SessionViews.SessionDetailsView;
import io.gatehouse.operate.SessionViews.SessionList;
import io.gatehouse.operate.SessionViews.SessionView;
import io.gatehouse.redis.Purpose;
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
        private static final List<Text.Column<SessionView>> COLUMNS = List.of(
                Text.column("handle", SessionView::handle),
                Text.column("user", SessionView::user),
                Text.column("device", SessionView::device),
                Text.column("address", SessionView::address),
                Text.column("createdAt", SessionView::createdAt),
                Text.column("lastAccessedAt", SessionView::lastAccessedAt),
                Text.column("idleLeftSeconds", SessionView::idleLeft));

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
        Set<Purpose> needs() {
            return EnumSet.of(Purpose.SESSIONS);
        }

        @Override
        Answer answer(Capabilities capabilities) {
            SessionDesk desk = capabilities.operator().sessions();
            SessionList sessions = user == null ? desk.list(cursor, limit) : desk.ofUser(user);
            String table = Text.table(sessions.sessions(), "no sessions", COLUMNS);
            String next = sessions.next();
            return Answer.of(
                    sessions, next == null ? table : Text.lines(table, "", "There are more: --cursor " + next));
        }
    }

    /** One of them. */
    @Command(name = "show", description = "Shows a session: its attributes by name only.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "HANDLE", description = "Of the session.")
        private String handle = "";

        @Override
        Set<Purpose> needs() {
            return EnumSet.of(Purpose.SESSIONS);
        }

        @Override
        Answer answer(Capabilities capabilities) {
            SessionDetailsView session = capabilities.operator().sessions().show(handle);
            return Answer.of(session, Text.members(session));
        }
    }
}
