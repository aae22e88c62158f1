/** A library in {@code lib} of an EAR, whose beans all WARs of the EAR share. */
@NullMarked
package io.gatehouse.servers.ear.lib;

import org.jspecify.annotations.NullMarked;
