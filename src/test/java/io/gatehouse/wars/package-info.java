/** Tests with applications that nobody of this project wrote, run by {@code mvn verify -Pwars}. */
@NullMarked
package io.gatehouse.wars;

import org.jspecify.annotations.NullMarked;
