/** The application that the servers get: servlets and a filter that know nothing of Gatehouse, except where they tell what it does. */
@NullMarked
package io.gatehouse.servers.app;

import org.jspecify.annotations.NullMarked;
