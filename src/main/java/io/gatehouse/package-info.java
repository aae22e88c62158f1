/**
 * The entry point of Gatehouse for applications: {@link io.gatehouse.Gatehouse} starts and finds the instance of a web
 * application; the exceptions here are the roots of all others.
 *
 * <p>Applications import this package and the packages of single capabilities: {@code session}, {@code ratelimit}, {@code
 * login}, {@code cache}, {@code warmup} and {@code jobs}. Everything below {@code io.gatehouse.internal} may change in any
 * release.
 */
@NullMarked
package io.gatehouse;

import org.jspecify.annotations.NullMarked;
