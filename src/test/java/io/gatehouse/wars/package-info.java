/** Tests with applications of other projects, run by {@code mvn verify -Pwars}. */
@NullMarked
package io.gatehouse.wars;

import org.jspecify.annotations.NullMarked;
