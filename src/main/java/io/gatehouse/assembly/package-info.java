/**
 * Puts the capabilities of one application together from its settings, without a servlet container: {@code boot} does so in a
 * server, the command line and {@code verify} in a process of their own.
 */
@NullMarked
package io.gatehouse.assembly;

import org.jspecify.annotations.NullMarked;
