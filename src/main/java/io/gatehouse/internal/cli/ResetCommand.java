package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.ops.LimitOperations;
import io.gatehouse.internal.ops.LimitViews.AccountView;
import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code reset_rate_limits}. */
@Command(
        name = "reset_rate_limits",
        description = "Forgets what counters hold, at once in Redis and within ten seconds on the nodes.")
final class ResetCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            description = "Such as ip, network, user or user+endpoint; or account, which forgets failed log-ins.")
    private String scope = "";

    @Option(names = "--key", paramLabel = "KEY", description = "The key in the scope; one for each part of it.")
    private List<String> keys = List.of();

    @Override
    Set<RedisPurpose> needs() {
        return EnumSet.of(scope.equals(LimitOperations.ACCOUNT) ? RedisPurpose.SESSIONS : RedisPurpose.RATE_LIMIT);
    }

    @Override
    CommandResult change(Components components) {
        Operations operations = components.operator();
        Inspection before = LimitsCommand.inspect(operations, scope, keys);
        ResetView done = operations.limits().reset(scope, keys);
        long reset = done.reset();
        return CommandResult.of(
                done,
                (isAccount()
                                ? TextFormatter.count(reset, "failed log-in") + " reset"
                                : TextFormatter.count(reset, "counter") + " reset, the nodes follow within ten seconds")
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
    CommandResult preview(Components components) {
        Inspection now = LimitsCommand.inspect(components.operator(), scope, keys);
        long inUse = inUse(now);
        return CommandResult.of(
                new Preview(true, now.document(), inUse),
                TextFormatter.lines(
                        "would reset "
                                + (isAccount()
                                        ? TextFormatter.count(inUse, "failed log-in")
                                        : TextFormatter.count(inUse, "counter"))
                                + withoutRule(now),
                        LimitsCommand.text(now)));
    }

    /** For programs. */
    private record Preview(
            boolean dryRun, @JsonMember(unwrapped = true) Record now, long reset) {}
}
