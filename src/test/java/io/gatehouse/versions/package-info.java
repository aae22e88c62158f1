/** Tests on other versions of servers and Java than those of the other tests. */
@NullMarked
package io.gatehouse.versions;

import org.jspecify.annotations.NullMarked;
