/**
 * The CDI interceptors behind the cache annotations.
 */
@NullMarked
package io.gatehouse.internal.cache.cdi;

import org.jspecify.annotations.NullMarked;
