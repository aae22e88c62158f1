/** The parts that only the new version of the club has. */
@NullMarked
package io.gatehouse.servers.club.after;

import org.jspecify.annotations.NullMarked;
