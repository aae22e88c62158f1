/**
 * Lets Tomcat use the sessions of Gatehouse: a manager whose sessions are views of the session of a request, and a valve that guards each
 * request before Tomcat authenticates it. Compiled against Tomcat, which the server provides; only {@link TomcatSessions} may be loaded on
 * other servers.
 */
@NullMarked
package io.gatehouse.internal.tomcat;

import org.jspecify.annotations.NullMarked;
