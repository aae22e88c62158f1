package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.CacheEntryCounter;
import io.gatehouse.internal.ops.CacheOperations;
import io.gatehouse.internal.ops.CacheViews.InvalidationView;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code invalidate}, which removes cache entries on all nodes. */
@Command(name = "invalidate", description = "Removes entries from the cache, on all nodes.")
final class InvalidateCommand extends MutatingCommand {
    @Option(
            names = "--scope",
            paramLabel = "REGION",
            description = "With --key: user invalidates everything cached about a user; any other region, that key.")
    private @Nullable String scope;

    @Option(names = "--key", paramLabel = "KEY", description = "The key within --scope.")
    private @Nullable String key;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "Invalidates the entries that match, such as 'oauth:*'.")
    private @Nullable String pattern;

    @Option(names = "--tag", paramLabel = "TAG", description = "Invalidates all entries with this tag.")
    private @Nullable String tag;

    @Option(names = "--region", paramLabel = "REGION", description = "Invalidates all entries of a region.")
    private @Nullable String region;

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return EnumSet.of(RedisPurpose.CACHE);
    }

    private void checkOptions() {
        long targets =
                Stream.of(scope, pattern, tag, region).filter(Objects::nonNull).count();
        if (targets != 1 || (scope == null) != (key == null)) {
            throw wrongUsage("expected exactly one of --scope S --key K, --pattern P, --tag T, --region R");
        }
    }

    @Override
    CommandResult change(Components components) {
        checkOptions();
        CacheOperations cache = components.operator().cache();
        countNodes(components);
        InvalidationView result = invalidate(cache);
        String entries = TextFormatter.count(result.entries(), "entry");
        Integer nodes = result.nodes();
        Integer confirmed = result.nodesConfirmed();
        if (nodes == null || confirmed == null) {
            return CommandResult.of(result, entries + " removed");
        }
        String text = entries + " removed from Redis, " + confirmed + " of " + TextFormatter.count(nodes, "node")
                + " confirmed";
        if (confirmed < nodes) {
            return CommandResult.of(
                            result,
                            text
                                    + "; the others apply it when they are reachable again, or drop their whole local cache")
                    .withExit(ExitCode.PARTLY);
        }
        return CommandResult.of(result, text);
    }

    private InvalidationView invalidate(CacheOperations cache) {
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
        checkOptions();
        String wanted = scope != null && !scope.equals("user") ? scope : region;
        if (wanted != null
                && components.operator().cache().nodeStatistics().regions().stream()
                        .noneMatch(known -> wanted.equals(known.region()))) {
            throw new CommandException(
                    ExitCode.USAGE, "there is no cache region " + wanted + "; expected one of GATEHOUSE_CACHE_REGIONS");
        }
        int nodes = countNodes(components);
        String target = scope != null
                ? "the key " + key + " of " + scope
                        + (scope.equals("user") ? ", and all entries with the tag user:" + key : "")
                : pattern != null
                        ? "the entries that match " + pattern
                        : tag != null ? "all entries with the tag " + tag : "all entries of the region " + region;
        CacheEntryCounter counter = components.operator().cache().entryCounter();
        long entries = count(counter);
        return CommandResult.of(
                new Preview(true, scope, key, pattern, tag, region, entries, nodes),
                "would remove " + TextFormatter.count(entries, "entry") + TextFormatter.plain(": " + target)
                        + "; would request confirmation from " + TextFormatter.count(nodes, "node"));
    }

    private long count(CacheEntryCounter counter) {
        if (scope != null && key != null) {
            return scope.equals("user") ? counter.ofUser(key) : counter.ofKey(scope, key);
        }
        if (pattern != null) {
            return counter.matching(pattern);
        }
        return tag != null ? counter.withTag(tag) : counter.ofRegion(Objects.requireNonNull(region));
    }

    /**
     * The JSON of a dry run.
     *
     * @param entries how many entries Redis has now that the invalidation would remove or make invalid
     */
    private record Preview(
            boolean dryRun,
            @Nullable String scope,
            @Nullable String key,
            @Nullable String pattern,
            @Nullable String tag,
            @Nullable String region,
            long entries,
            int nodes) {}
}
