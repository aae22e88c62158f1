package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.CounterView;
import io.gatehouse.internal.ops.LimitViews.ExplanationView;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.redis.RedisPurpose;
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

/** The commands {@code limits ...}, and how counters are shown. */
@Command(
        name = "limits",
        description = "Rate limits.",
        subcommands = {LimitsCommand.Explain.class})
final class LimitsCommand {
    static final String NO_RULE =
            "no rule that is known here counts by that: rules in the application's WEB-INF are not, name them by GATEHOUSE_RATE_LIMITS_FILE";

    /** How the counters of a scope stand. */
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

    /** What would become of a request. */
    @Command(name = "explain", description = "Says what would become of a request now. Charges nothing.")
    static final class Explain extends RedisCommand {
        @Parameters(index = "0", paramLabel = "METHOD", description = "Such as POST.")
        private String method = "";

        @Parameters(index = "1", paramLabel = "PATH", description = "Below the context path, such as /login.")
        private String path = "";

        @Option(names = "--address", paramLabel = "ADDRESS", description = "Of the client.")
        private @Nullable String address;

        @Option(names = "--user", paramLabel = "USER", description = "Who is logged in.")
        private @Nullable String user;

        @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header; may be there several times.")
        private Map<String, String> headers = new LinkedHashMap<>();

        @Override
        Set<RedisPurpose> needs() {
            return EnumSet.of(RedisPurpose.RATE_LIMIT);
        }

        @Override
        CommandResult answer(Components components) {
            ExplanationView explained = components.operator().limits().explain(method, path, address, user, headers);
            String why = explained.denied()
                    ? ": its address is on the deny list"
                    : explained.exempt() ? ": its address is on the allow list" : "";
            return CommandResult.of(
                    explained,
                    TextFormatter.lines(
                            explained.passes() ? "passes" + why : "would be refused" + why,
                            explained.counters().isEmpty() ? "no counter" : table(explained.counters())));
        }
    }
}
