/**
 * The implementation of cache warmup: runs, throttling, and the tracking of which keys are used most.
 */
@NullMarked
package io.gatehouse.internal.warmup;

import org.jspecify.annotations.NullMarked;
