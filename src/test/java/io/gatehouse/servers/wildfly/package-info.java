/** Tests of what only WildFly has: several configurations, with and without EJB and MicroProfile Health. */
@NullMarked
package io.gatehouse.servers.wildfly;

import org.jspecify.annotations.NullMarked;
