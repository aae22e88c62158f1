/**
 * Puts everything together: reads the configuration, builds the parts, registers the filter in front of all others, and
 * takes it all down again. The only package that sees all the others.
 */
@NullMarked
package io.gatehouse.boot;

import org.jspecify.annotations.NullMarked;
