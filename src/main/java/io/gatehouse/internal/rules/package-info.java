/**
 * Rate limit rules: how they are written, read, checked and matched, and the arithmetic of their limits.
 */
@NullMarked
package io.gatehouse.internal.rules;

import org.jspecify.annotations.NullMarked;
