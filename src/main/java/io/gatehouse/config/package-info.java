/**
 * Reads settings by name from several sources and reports every problem at once.
 *
 * <p>This is the lowest package: it knows names and how to read them, but no capability. Each capability declares its own
 * {@link io.gatehouse.config.Setting settings} and turns them into a record that is checked when it is made.
 */
@NullMarked
package io.gatehouse.config;

import org.jspecify.annotations.NullMarked;
