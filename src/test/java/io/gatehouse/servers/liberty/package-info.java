/** An Arquillian adapter for Open Liberty, because no existing one runs in this build. */
@NullMarked
package io.gatehouse.servers.liberty;

import org.jspecify.annotations.NullMarked;
