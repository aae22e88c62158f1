/**
 * The limit engine: decides all rules of a request in one script call and charges their counters only if all of them pass.
 */
@NullMarked
package io.gatehouse.internal.ratelimit;

import org.jspecify.annotations.NullMarked;
