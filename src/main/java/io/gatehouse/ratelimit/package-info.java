/**
 * Rate limits: which rules a request meets, what they count by, and one script that decides all of them at once and charges
 * only what is let through. Knows no container; {@code web} brings requests here and turns refusals into answers.
 *
 * <p>{@link io.gatehouse.ratelimit.ClientAddresses} tells which address a request comes from, behind whatever proxies.
 */
@NullMarked
package io.gatehouse.ratelimit;

import org.jspecify.annotations.NullMarked;
