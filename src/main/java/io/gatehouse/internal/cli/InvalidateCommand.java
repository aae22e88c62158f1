package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.CacheOperations;
import io.gatehouse.internal.ops.CacheViews.InvalidationView;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code invalidate}. */
@Command(name = "invalidate", description = "Takes entries out of the cache, on all nodes.")
final class InvalidateCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "REGION",
            description = "With --key: user takes out all that is known of a user, another region that key of it.")
    private @Nullable String scope;

    @Option(names = "--key", paramLabel = "KEY", description = "The key in the scope.")
    private @Nullable String key;

    @Option(names = "--pattern", paramLabel = "PATTERN", description = "What fits, such as 'oauth:*'.")
    private @Nullable String pattern;

    @Option(names = "--tag", paramLabel = "TAG", description = "All with this tag.")
    private @Nullable String tag;

    @Option(names = "--region", paramLabel = "REGION", description = "All of a region.")
    private @Nullable String region;

    @Override
    Set<RedisPurpose> needs() {
        return EnumSet.of(RedisPurpose.CACHE);
    }

    private void check() {
        long ways =
                Stream.of(scope, pattern, tag, region).filter(Objects::nonNull).count();
        if (ways != 1 || (scope == null) != (key == null)) {
            throw wrongUsage("expected one of --scope S --key K, --pattern P, --tag T, --region R");
        }
    }

    @Override
    CommandResult change(Components components) {
        check();
        CacheOperations cache = components.operator().cache();
        countNodes(components);
        InvalidationView done = done(cache);
        String entries = TextFormatter.count(done.entries(), "entry");
        Integer nodes = done.nodes();
        Integer confirmed = done.nodesConfirmed();
        if (nodes == null || confirmed == null) {
            return CommandResult.of(done, entries + " taken out");
        }
        String text = entries + " taken out of Redis, " + confirmed + " of " + TextFormatter.count(nodes, "node")
                + " confirmed";
        if (confirmed < nodes) {
            return CommandResult.of(done, text + "; the others hear of it later, or let go of all they have")
                    .endingWith(ExitCode.PARTLY);
        }
        return CommandResult.of(done, text);
    }

    private InvalidationView done(CacheOperations cache) {
        if (scope != null && key != null) {
            return scope.equals("user") ? cache.invalidateUser(key) : cache.invalidateKey(scope, key);
        }
        if (pattern != null) {
            return cache.invalidatePattern(pattern);
        }
        return tag != null ? cache.invalidateTag(tag) : cache.invalidateRegion(Objects.requireNonNull(region));
    }

    @Override
    CommandResult preview(Components components) {
        check();
        String wanted = scope != null && !scope.equals("user") ? scope : region;
        if (wanted != null
                && components.operator().cache().ofThisNode().regions().stream()
                        .noneMatch(known -> wanted.equals(known.region()))) {
            throw new CommandException(ExitCode.USAGE, "no cache region " + wanted + "; see GATEHOUSE_CACHE_REGIONS");
        }
        int nodes = countNodes(components);
        String what = scope != null
                ? "the key " + key + " of " + scope + (scope.equals("user") ? ", and all with the tag user:" + key : "")
                : pattern != null
                        ? "what fits " + pattern
                        : tag != null ? "all with the tag " + tag : "all of the region " + region;
        return CommandResult.of(
                new Preview(true, scope, key, pattern, tag, region, nodes),
                TextFormatter.plain("would take out " + what) + ", and ask " + TextFormatter.count(nodes, "node")
                        + " to confirm; how many entries that are is only known then");
    }

    /** For programs. */
    private record Preview(
            boolean dryRun,
            @Nullable String scope,
            @Nullable String key,
            @Nullable String pattern,
            @Nullable String tag,
            @Nullable String region,
            int nodes) {}
}
