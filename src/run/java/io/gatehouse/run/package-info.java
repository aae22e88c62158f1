/** Runs Gatehouse with Redis, an application server and the sample on a developer's machine. Not part of the production WAR. */
@NullMarked
package io.gatehouse.run;

import org.jspecify.annotations.NullMarked;
