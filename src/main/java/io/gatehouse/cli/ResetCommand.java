package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.Document;
import io.gatehouse.operate.LimitDesk;
import io.gatehouse.operate.Operator;
import io.gatehouse.redis.Purpose;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code reset_rate_limits}. */
@Command(
        name = "reset_rate_limits",
        description = "Forgets what counters hold, at once in Redis and within ten seconds on the nodes.")
final class ResetCommand extends ChangingCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            description = "Such as ip, network, user or user+endpoint; or account, which forgets failed log-ins.")
    private String scope = "";

    @Option(names = "--key", paramLabel = "KEY", description = "The key in the scope; one for each part of it.")
    private List<String> keys = List.of();

    @Override
    Set<Purpose> needs() {
        return EnumSet.of(scope.equals(LimitDesk.ACCOUNT) ? Purpose.SESSIONS : Purpose.RATE_LIMIT);
    }

    @Override
    Answer change(Capabilities capabilities) {
        Operator operator = capabilities.operator();
        Document before = LimitsCommand.inspect(operator, scope, keys);
        Document done = operator.limits().reset(scope, keys);
        long reset = Text.number(done, "reset");
        return Answer.of(
                done,
                (isAccount()
                                ? Text.count(reset, "failed log-in") + " reset"
                                : Text.count(reset, "counter") + " reset, the nodes follow within ten seconds")
                        + withoutRule(before));
    }

    private boolean isAccount() {
        return scope.equals(LimitDesk.ACCOUNT);
    }

    private String withoutRule(Document counters) {
        return isAccount() || !Text.rows(counters, "counters").isEmpty() ? "" : "; " + LimitsCommand.NO_RULE;
    }

    @Override
    Answer preview(Capabilities capabilities, Document would) {
        Document now = LimitsCommand.inspect(capabilities.operator(), scope, keys);
        long inUse = isAccount()
                ? Text.number(now, "failures")
                : Text.rows(now, "counters").stream()
                        .filter(counter -> !String.valueOf(counter.get("remaining"))
                                .equals(String.valueOf(counter.get("capacity"))))
                        .count();
        now.members().forEach(would::with);
        would.with("reset", inUse);
        return Answer.of(
                would,
                Text.lines(
                        "would reset "
                                + (isAccount() ? Text.count(inUse, "failed log-in") : Text.count(inUse, "counter"))
                                + withoutRule(now),
                        LimitsCommand.text(now)));
    }
}
