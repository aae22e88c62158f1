/**
 * Rate limits as applications use them: decisions in code, the state of counters, and an annotation for bean methods.
 */
@NullMarked
package io.gatehouse.ratelimit;

import org.jspecify.annotations.NullMarked;
