/** Tests on other versions of Tomcat and Java than those of the other tests. */
@NullMarked
package io.gatehouse.tomcat;

import org.jspecify.annotations.NullMarked;
