/** An application with its own rate limits and login protection. */
@NullMarked
package io.gatehouse.servers.limited;

import org.jspecify.annotations.NullMarked;
