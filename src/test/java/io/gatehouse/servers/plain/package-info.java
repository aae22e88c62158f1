/** An application that does not use Gatehouse. */
@NullMarked
package io.gatehouse.servers.plain;

import org.jspecify.annotations.NullMarked;
