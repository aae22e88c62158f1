/**
 * Checks a configuration and the servers it names. Each finding says what is wrong, why it matters and what to do.
 */
@NullMarked
package io.gatehouse.internal.diagnostics;

import org.jspecify.annotations.NullMarked;
