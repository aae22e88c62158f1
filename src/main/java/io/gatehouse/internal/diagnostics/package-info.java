/**
 * Verifies a configuration and the Redis servers it names. Each finding states what is wrong, why it matters and what to do.
 */
@NullMarked
package io.gatehouse.internal.diagnostics;

import org.jspecify.annotations.NullMarked;
