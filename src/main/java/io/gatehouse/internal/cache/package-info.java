/**
 * The implementation of the two-level cache: a first level in the process and signed entries in Redis, shared by all
 * nodes.
 *
 * <p>A change or an invalidation on one node is visible on all nodes. One loader runs per key, no matter how many callers
 * on how many nodes ask for it.
 */
@NullMarked
package io.gatehouse.internal.cache;

import org.jspecify.annotations.NullMarked;
