package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.LimitOperations;
import io.gatehouse.internal.ops.LimitViews.AccountView;
import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code reset_rate_limits}, which resets counters or failed logins. */
@Command(
        name = "reset_rate_limits",
        description = "Resets rate limit counters: immediately in Redis, within ten seconds on the nodes.")
final class ResetCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            description =
                    "The level of the rules, such as ip, network, user or user+endpoint; or account, to reset failed logins.")
    private String scope = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key within the scope. Repeat for each part of the scope.")
    private List<String> keys = List.of();

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return EnumSet.of(scope.equals(LimitOperations.ACCOUNT) ? RedisPurpose.SESSIONS : RedisPurpose.RATE_LIMIT);
    }

    @Override
    CommandResult change(Components components) {
        Operations operations = components.operator();
        Inspection before = LimitsCommand.inspect(operations, scope, keys);
        ResetView result = operations.limits().reset(scope, keys);
        long reset = result.reset();
        return CommandResult.of(
                result,
                (isAccount()
                                ? TextFormatter.count(reset, "failed login") + " reset"
                                : TextFormatter.count(reset, "counter")
                                        + " reset; the nodes apply it within ten seconds")
                        + withoutRule(before));
    }

    private boolean isAccount() {
        return scope.equals(LimitOperations.ACCOUNT);
    }

    private static String withoutRule(Inspection inspection) {
        return inspection instanceof CounterList counters && counters.counters().isEmpty()
                ? "; " + LimitsCommand.NO_RULE
                : "";
    }

    /** Returns how many failed logins or counters would be reset. */
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
    CommandResult preview(Components components) {
        Inspection now = LimitsCommand.inspect(components.operator(), scope, keys);
        long inUse = inUse(now);
        return CommandResult.of(
                new Preview(true, now.document(), inUse),
                TextFormatter.lines(
                        "would reset "
                                + (isAccount()
                                        ? TextFormatter.count(inUse, "failed login")
                                        : TextFormatter.count(inUse, "counter"))
                                + withoutRule(now),
                        LimitsCommand.text(now)));
    }

    /** The JSON of a dry run. */
    private record Preview(
            boolean dryRun, @JsonMember(unwrapped = true) Record now, long reset) {}
}
