/**
 * Lets Payara use the sessions of Gatehouse: a manager whose sessions are views of the session of a request, and a valve that guards each
 * request before Payara authenticates it. Payara's container has the class names of an old Tomcat with other methods, and is no library
 * that could be compiled against. So its interfaces are implemented by proxies, and its methods are found by name when an application starts.
 */
@NullMarked
package io.gatehouse.internal.payara;

import org.jspecify.annotations.NullMarked;
