/** An application that knows nothing of Gatehouse. */
@NullMarked
package io.gatehouse.servers.plain;

import org.jspecify.annotations.NullMarked;
