/**
 * The adapter for Undertow, the servlet container of WildFly: its session manager returns the sessions of Gatehouse, so that the server keeps
 * users whom it has authenticated where every node finds them.
 *
 * <p>Undertow loads {@link io.gatehouse.internal.undertow.UndertowExtension} when it deploys an application. On other servers nothing
 * loads this package.
 */
@NullMarked
package io.gatehouse.internal.undertow;

import org.jspecify.annotations.NullMarked;
