/** Gatehouse on real application servers: these tests run on WildFly and on Payara, those in the packages below on one of them. */
@NullMarked
package io.gatehouse.servers;

import org.jspecify.annotations.NullMarked;
