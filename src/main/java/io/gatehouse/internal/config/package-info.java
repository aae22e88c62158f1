/**
 * Reads settings by name from several sources and reports every problem at once, each with a code.
 *
 * <p>This is the lowest package. Each capability declares its own settings and turns them into a record that is checked at
 * construction.
 */
@NullMarked
package io.gatehouse.internal.config;

import org.jspecify.annotations.NullMarked;
