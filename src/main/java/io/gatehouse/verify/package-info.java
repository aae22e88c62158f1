/** Checks a configuration and the servers that it names: what is wrong, why that matters, what to do. */
@NullMarked
package io.gatehouse.verify;

import org.jspecify.annotations.NullMarked;
