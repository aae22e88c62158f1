/**
 * The two-level cache as applications use it: regions, loaders, invalidation, and annotations for bean methods.
 */
@NullMarked
package io.gatehouse.cache;

import org.jspecify.annotations.NullMarked;
