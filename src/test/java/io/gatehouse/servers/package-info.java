/** Gatehouse on real application servers: these tests run on WildFly, Payara and Open Liberty, those in the packages below on one of them. */
@NullMarked
package io.gatehouse.servers;

import org.jspecify.annotations.NullMarked;
