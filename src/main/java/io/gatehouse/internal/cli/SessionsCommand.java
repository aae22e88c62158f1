package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.SessionOperations;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionList;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code sessions ...}, which name sessions by their handles. */
@Command(
        name = "sessions",
        description =
                "Lists, shows and terminates sessions. A session is named by its handle, which gives no access to it.",
        subcommands = {SessionsCommand.Listing.class, SessionsCommand.Show.class, TerminateCommand.class})
final class SessionsCommand {

    /** The command {@code sessions list}. */
    @Command(name = "list", description = "Lists all sessions page by page, or the sessions of one user.")
    static final class Listing extends RedisCommand {
        private static List<TextFormatter.Column<SessionView>> columns() {
            DeviceNames deviceNames = new DeviceNames();
            return List.of(
                    TextFormatter.column("handle", SessionView::handle),
                    TextFormatter.column("user", SessionView::user),
                    TextFormatter.column("device", deviceNames::of),
                    TextFormatter.column("address", SessionView::address),
                    TextFormatter.column("createdAt", SessionView::createdAt),
                    TextFormatter.column("lastAccessedAt", SessionView::lastAccessedAt),
                    TextFormatter.column("idleLeftSeconds", SessionView::idleLeft));
        }

        @Option(
                names = "--user",
                paramLabel = "USER",
                description = "Lists only the sessions of this user, the most recently used first.")
        private @Nullable String user;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "The cursor that the previous page printed.")
        private String cursor = "";

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "The approximate page size, 1 to 1000 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.SESSIONS);
        }

        @Override
        CommandResult run(Components components) {
            SessionOperations operations = components.operator().sessions();
            SessionList sessions = user == null ? operations.list(cursor, limit) : operations.ofUser(user);
            String table = TextFormatter.table(sessions.sessions(), "no sessions", columns());
            String next = sessions.next();
            return CommandResult.of(
                    sessions, next == null ? table : TextFormatter.lines(table, "", "Next page: --cursor " + next));
        }
    }

    /** The command {@code sessions show}. */
    @Command(name = "show", description = "Prints a session. Attributes are listed by name only.")
    static final class Show extends RedisCommand {
        @Parameters(paramLabel = "HANDLE", description = "The handle of the session.")
        private String handle = "";

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.SESSIONS);
        }

        @Override
        CommandResult run(Components components) {
            SessionDetailsView session = components.operator().sessions().show(handle);
            String device = new DeviceNames().of(session.session());
            return CommandResult.of(
                    session,
                    device == null
                            ? TextFormatter.members(session)
                            : TextFormatter.members(new Named(device, session)));
        }

        /** The text of a session: the name of its device, and what {@code --json} prints, where {@code device} is the header. */
        private record Named(
                String deviceName,
                @JsonMember(unwrapped = true) SessionDetailsView session) {}
    }
}
