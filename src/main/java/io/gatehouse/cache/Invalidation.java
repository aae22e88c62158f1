package io.gatehouse.cache;

/**
 * What became of an invalidation. It holds for every node; those that have not confirmed hear of it later, or flush.
 *
 * @param entries how many entries went from Redis; of a tag those of this node's memory, as the others are only outdated
 * @param nodesConfirmed how many nodes have let go of theirs, this one included
 * @param nodes how many nodes live
 */
public record Invalidation(long entries, int nodesConfirmed, int nodes) {}
