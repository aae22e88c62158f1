/** An application with cached methods, a warmup source and jobs. */
@NullMarked
package io.gatehouse.servers.cached;

import org.jspecify.annotations.NullMarked;
