/** Open Liberty for Arquillian: an adapter of our own, because there is none that runs in this build. */
@NullMarked
package io.gatehouse.servers.liberty;

import org.jspecify.annotations.NullMarked;
