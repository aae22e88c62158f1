/** A small application to try Gatehouse with: a log-in, an account page that uses its session in several ways, a sign-out. */
@NullMarked
package io.gatehouse.sample;

import org.jspecify.annotations.NullMarked;
