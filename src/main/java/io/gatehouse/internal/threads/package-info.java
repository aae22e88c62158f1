/** The threads that Gatehouse starts. */
@NullMarked
package io.gatehouse.internal.threads;

import org.jspecify.annotations.NullMarked;
