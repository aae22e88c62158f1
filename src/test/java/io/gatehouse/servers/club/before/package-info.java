/** The parts that only the old version of the club has. */
@NullMarked
package io.gatehouse.servers.club.before;

import org.jspecify.annotations.NullMarked;
