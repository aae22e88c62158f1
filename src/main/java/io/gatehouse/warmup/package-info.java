/**
 * Cache warmup as applications use it: sources of entries, the run that loads them, and its report.
 */
@NullMarked
package io.gatehouse.warmup;

import org.jspecify.annotations.NullMarked;
