/**
 * The composition root: reads the configuration, builds the components, registers the filter before all others, and shuts
 * everything down again.
 */
@NullMarked
package io.gatehouse.internal.wiring;

import org.jspecify.annotations.NullMarked;
