/**
 * Lets Jetty 12.1 use the sessions of Gatehouse: a session handler that has each request guarded before Jetty authenticates it, and whose
 * sessions are views of the session of a request. Compiled against Jetty, which the server provides; only {@link JettySessions} and
 * {@link AdapterLoader} may be loaded by other code.
 *
 * <p>Jetty has the classes of its servlet container once for each version of Jakarta EE. Only the classes whose names begin with
 * {@code Ee10} and {@code Ee11} mention them.
 */
@NullMarked
package io.gatehouse.internal.jetty;

import org.jspecify.annotations.NullMarked;
