package io.gatehouse.internal.cli;

import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code warm}. */
@Command(name = "warm", description = "Has a node fill the cache.")
final class WarmCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            defaultValue = "all",
            description = "user, oauth, roles or all (default: ${DEFAULT-VALUE}).")
    private String scope = "all";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Only this key of the scope; may be there several times.")
    private List<String> keys = List.of();

    @Mixin
    private JobWaiter jobWaiter;

    @Override
    Set<RedisPurpose> needs() {
        return EnumSet.of(RedisPurpose.CACHE, RedisPurpose.CACHE_WARMING);
    }

    @Override
    CommandResult change(Components components) {
        return jobWaiter.of(components.operator().cache().warm(scope, keys), components, this);
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

    /** For programs. */
    private record Preview(boolean dryRun, String scope, List<String> keys, int nodes) {}
}
