/** A Faces page of the club. */
@NullMarked
package io.gatehouse.servers.club.faces;

import org.jspecify.annotations.NullMarked;
