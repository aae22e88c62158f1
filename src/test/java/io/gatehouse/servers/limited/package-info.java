/** The application with limits and a guarded log-in of its own. */
@NullMarked
package io.gatehouse.servers.limited;

import org.jspecify.annotations.NullMarked;
