/** Tests on application servers. These run on WildFly, Payara and Open Liberty; tests in packages named after a server run on that one. */
@NullMarked
package io.gatehouse.servers;

import org.jspecify.annotations.NullMarked;
