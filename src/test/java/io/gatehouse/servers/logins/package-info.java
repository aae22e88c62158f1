/** The application whose login forms come in every way that a server reads one: JAX-RS, multipart, JSON, the query. */
@NullMarked
package io.gatehouse.servers.logins;

import org.jspecify.annotations.NullMarked;
