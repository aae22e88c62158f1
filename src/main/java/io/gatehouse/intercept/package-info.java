/** Annotations that put the cache around methods of beans, and the CDI interceptors behind them. */
@NullMarked
package io.gatehouse.intercept;

import org.jspecify.annotations.NullMarked;
