package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.CounterView;
import io.gatehouse.internal.ops.LimitViews.ExplanationView;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands {@code limits ...}, and the table of counters. */
@Command(
        name = "limits",
        description = "Explains rate limits, and lists and releases blocked clients.",
        subcommands = {LimitsCommand.Explain.class, BlockedCommands.Blocked.class, BlockedCommands.Release.class})
final class LimitsCommand {
    static final String NO_RULE =
            "no known rule counts by this scope; rules in the application's WEB-INF are not visible here: set GATEHOUSE_RATE_LIMITS_FILE to use them";

    /** Returns the counters of a scope, or the state of an account. */
    static Inspection inspect(Operations operations, String scope, List<String> keys) {
        try {
            return operations.limits().inspect(scope, keys);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--scope and --key: expected " + e.getMessage());
        }
    }

    static String text(Inspection inspection) {
        return inspection instanceof CounterList counters
                ? table(counters.counters())
                : TextFormatter.members(inspection.document());
    }

    private static String table(List<CounterView> counters) {
        return TextFormatter.table(
                counters,
                NO_RULE,
                List.of(
                        TextFormatter.column("rule", CounterView::rule),
                        TextFormatter.column("level", CounterView::level),
                        TextFormatter.column("mode", CounterView::mode),
                        TextFormatter.column("remaining", CounterView::remaining),
                        TextFormatter.column("capacity", CounterView::capacity),
                        TextFormatter.column("exhausted", CounterView::exhausted),
                        TextFormatter.column("retryAfterSeconds", CounterView::retryAfter),
                        TextFormatter.column("resetSeconds", CounterView::reset)));
    }

    /** The command {@code limits explain}. */
    @Command(
            name = "explain",
            description = "Shows whether a request would pass now, and its counters. Charges nothing.")
    static final class Explain extends RedisCommand {
        @Parameters(index = "0", paramLabel = "METHOD", description = "The HTTP method, such as POST.")
        private String method = "";

        @Parameters(index = "1", paramLabel = "PATH", description = "The path below the context path, such as /login.")
        private String path = "";

        @Option(names = "--address", paramLabel = "ADDRESS", description = "The address of the client.")
        private @Nullable String address;

        @Option(names = "--user", paramLabel = "USER", description = "The name of the logged-in user.")
        private @Nullable String user;

        @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A request header. Can be repeated.")
        private Map<String, String> headers = new LinkedHashMap<>();

        @Override
        Set<RedisPurpose> requiredPurposes() {
            return EnumSet.of(RedisPurpose.RATE_LIMIT);
        }

        @Override
        CommandResult run(Components components) {
            ExplanationView explained = components.operator().limits().explain(method, path, address, user, headers);
            String reason = explained.denied()
                    ? ": the address is on the deny list"
                    : explained.exempt() ? ": the address is on the allow list" : "";
            return CommandResult.of(
                    explained,
                    TextFormatter.lines(
                            explained.passes() ? "passes" + reason : "would be refused" + reason,
                            explained.counters().isEmpty()
                                    ? "no rule counts this request"
                                    : table(explained.counters())));
        }
    }
}
