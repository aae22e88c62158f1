package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.LimitViews.CounterList;
import io.gatehouse.operate.LimitViews.CounterView;
import io.gatehouse.operate.LimitViews.ExplanationView;
import io.gatehouse.operate.LimitViews.Inspection;
import io.gatehouse.operate.Operator;
import io.gatehouse.redis.Purpose;
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
    static Inspection inspect(Operator operator, String scope, List<String> keys) {
        try {
            return operator.limits().inspect(scope, keys);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(Exit.USAGE, "--scope and --key: expected " + e.getMessage());
        }
    }

    static String text(Inspection inspection) {
        return inspection instanceof CounterList counters
                ? table(counters.counters())
                : Text.members(inspection.document());
    }

    private static String table(List<CounterView> counters) {
        return Text.table(
                counters,
                NO_RULE,
                List.of(
                        Text.column("rule", CounterView::rule),
                        Text.column("level", CounterView::level),
                        Text.column("mode", CounterView::mode),
                        Text.column("remaining", CounterView::remaining),
                        Text.column("capacity", CounterView::capacity),
                        Text.column("exhausted", CounterView::exhausted),
                        Text.column("retryAfterSeconds", CounterView::retryAfter),
                        Text.column("resetSeconds", CounterView::reset)));
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
        Set<Purpose> needs() {
            return EnumSet.of(Purpose.RATE_LIMIT);
        }

        @Override
        Answer answer(Capabilities capabilities) {
            ExplanationView explained = capabilities.operator().limits().explain(method, path, address, user, headers);
            String why = explained.denied()
                    ? ": its address is on the deny list"
                    : explained.exempt() ? ": its address is on the allow list" : "";
            return Answer.of(
                    explained,
                    Text.lines(
                            explained.passes() ? "passes" + why : "would be refused" + why,
                            explained.counters().isEmpty() ? "no counter" : table(explained.counters())));
        }
    }
}
