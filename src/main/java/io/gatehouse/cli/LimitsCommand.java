package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.Document;
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
    static Document inspect(Operator operator, String scope, List<String> keys) {
        try {
            return operator.limits().inspect(scope, keys);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(Exit.USAGE, "--scope and --key: expected " + e.getMessage());
        }
    }

    static String text(Document counters) {
        return counters.get("counters") == null
                ? Text.members(counters)
                : Text.table(
                        counters,
                        "counters",
                        NO_RULE,
                        "rule",
                        "level",
                        "mode",
                        "remaining",
                        "capacity",
                        "exhausted",
                        "retryAfterSeconds",
                        "resetSeconds");
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
            Document explained = capabilities.operator().limits().explain(method, path, address, user, headers);
            boolean passes = Boolean.TRUE.equals(explained.get("passes"));
            String why = Boolean.TRUE.equals(explained.get("denied"))
                    ? ": its address is on the deny list"
                    : Boolean.TRUE.equals(explained.get("exempt")) ? ": its address is on the allow list" : "";
            return Answer.of(
                    explained,
                    Text.lines(
                            passes ? "passes" + why : "would be refused" + why,
                            Text.rows(explained, "counters").isEmpty() ? "no counter" : text(explained)));
        }
    }
}
