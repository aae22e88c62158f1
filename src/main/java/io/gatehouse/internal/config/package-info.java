/**
 * Reads settings by name from several sources and reports every problem at once, each with a code.
 *
 * <p>This is the lowest package. Each package declares its own settings and converts them to a record that is validated at
 * construction.
 */
@NullMarked
package io.gatehouse.internal.config;

import org.jspecify.annotations.NullMarked;
