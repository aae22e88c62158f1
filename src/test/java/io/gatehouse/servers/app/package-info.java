/** An application with servlets and a filter that do not use Gatehouse, except to report its state. */
@NullMarked
package io.gatehouse.servers.app;

import org.jspecify.annotations.NullMarked;
