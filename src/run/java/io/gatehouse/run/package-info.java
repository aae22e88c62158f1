/** Runs Gatehouse on a developer's machine: a real Redis, a real application server, the sample. Never in the production WAR. */
@NullMarked
package io.gatehouse.run;

import org.jspecify.annotations.NullMarked;
