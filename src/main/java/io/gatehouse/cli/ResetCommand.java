package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.JsonMember;
import io.gatehouse.operate.LimitDesk;
import io.gatehouse.operate.LimitViews.AccountView;
import io.gatehouse.operate.LimitViews.CounterList;
import io.gatehouse.operate.LimitViews.Inspection;
import io.gatehouse.operate.LimitViews.ResetView;
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
        Inspection before = LimitsCommand.inspect(operator, scope, keys);
        ResetView done = operator.limits().reset(scope, keys);
        long reset = done.reset();
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

    private static String withoutRule(Inspection inspection) {
        return inspection instanceof CounterList counters && counters.counters().isEmpty()
                ? "; " + LimitsCommand.NO_RULE
                : "";
    }

    /** How many failures or counters would be reset. */
    private static long inUse(Inspection inspection) {
        if (inspection instanceof AccountView account) {
            return account.failures();
        }
        return ((CounterList) inspection)
                .counters().stream()
                        .filter(counter -> counter.remaining() != counter.capacity())
                        .count();
    }

    @Override
    Answer preview(Capabilities capabilities) {
        Inspection now = LimitsCommand.inspect(capabilities.operator(), scope, keys);
        long inUse = inUse(now);
        return Answer.of(
                new Preview(true, now.document(), inUse),
                Text.lines(
                        "would reset "
                                + (isAccount() ? Text.count(inUse, "failed log-in") : Text.count(inUse, "counter"))
                                + withoutRule(now),
                        LimitsCommand.text(now)));
    }

    /** For programs. */
    private record Preview(
            boolean dryRun, @JsonMember(unwrapped = true) Record now, long reset) {}
}
