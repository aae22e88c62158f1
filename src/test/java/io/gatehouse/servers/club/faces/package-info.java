/** A page of the club that is made with Faces. */
@NullMarked
package io.gatehouse.servers.club.faces;

import org.jspecify.annotations.NullMarked;
