package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code warm}, which fills the cache. */
@Command(name = "warm", description = "Fills the cache, on a node.")
final class WarmCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            defaultValue = "all",
            description = "What to warm: user, oauth, roles, the scope of a warmup source of the application, or all"
                    + " (default: ${DEFAULT-VALUE}).")
    private String scope = "all";

    @Option(names = "--key", paramLabel = "KEY", description = "Warms only this key of the scope. Can be repeated.")
    private List<String> keys = List.of();

    @Mixin
    private JobWaiter jobWaiter;

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return EnumSet.of(RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING);
    }

    @Override
    CommandResult change(Components components) {
        return jobWaiter.await(components.operator().cache().warm(scope, keys), components, this);
    }

    @Override
    CommandResult preview(Components components) {
        int nodes = countNodes(components);
        return CommandResult.of(
                new Preview(true, scope, keys, nodes),
                "would warm "
                        + (keys.isEmpty()
                                ? "the scope " + scope
                                : TextFormatter.count(keys.size(), "key") + " of " + scope)
                        + " on one of " + TextFormatter.count(nodes, "node"));
    }

    /** The JSON of a dry run. */
    private record Preview(boolean dryRun, String scope, List<String> keys, int nodes) {}
}
