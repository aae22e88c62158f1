package io.gatehouse.cache;

/**
 * The outcome of an invalidation. The entries are invalid on every node; a node that has not confirmed yet learns of it later or
 * drops its whole first level.
 *
 * <pre>{@code
 * InvalidationResult result = cache.invalidator().invalidateByTag("team:7");
 * log.info(result.entries() + " entries, " + result.nodesConfirmed() + " of " + result.nodes() + " nodes");
 * }</pre>
 *
 * @param entries the number of entries removed from Redis; for a tag, the number removed from the memory of this node, because
 *     Redis keeps the outdated entries until they expire
 * @param nodesConfirmed the number of nodes that have dropped their copies, this node included
 * @param nodes the number of live nodes
 */
public record InvalidationResult(long entries, int nodesConfirmed, int nodes) {}
