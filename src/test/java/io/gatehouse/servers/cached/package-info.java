/** The application with cached methods, a source to warm the cache from, and jobs. */
@NullMarked
package io.gatehouse.servers.cached;

import org.jspecify.annotations.NullMarked;
