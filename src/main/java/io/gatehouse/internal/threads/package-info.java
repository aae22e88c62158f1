/**
 * The threads that Gatehouse starts itself.
 */
@NullMarked
package io.gatehouse.internal.threads;

import org.jspecify.annotations.NullMarked;
