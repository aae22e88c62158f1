package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.redis.Purpose;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code warm}. */
@Command(name = "warm", description = "Has a node fill the cache.")
final class WarmCommand extends ChangingCommand {
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
    private Waiting waiting;

    @Override
    Set<Purpose> needs() {
        return EnumSet.of(Purpose.CACHE, Purpose.CACHE_WARMING);
    }

    @Override
    Answer change(Capabilities capabilities) {
        return waiting.of(capabilities.operator().cache().warm(scope, keys), capabilities, this);
    }

    @Override
    Answer preview(Capabilities capabilities) {
        int nodes = countNodes(capabilities);
        return Answer.of(
                new Preview(true, scope, keys, nodes),
                "would warm "
                        + (keys.isEmpty() ? "the scope " + scope : Text.count(keys.size(), "key") + " of " + scope)
                        + " on one of " + Text.count(nodes, "node"));
    }

    /** For programs. */
    private record Preview(boolean dryRun, String scope, List<String> keys, int nodes) {}
}
