/** The threads that Gatehouse starts itself. Knows no other package. */
@NullMarked
package io.gatehouse.threads;

import org.jspecify.annotations.NullMarked;
