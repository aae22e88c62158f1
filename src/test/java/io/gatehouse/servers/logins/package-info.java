/** An application with login forms of every kind that a server reads: JAX-RS, multipart, JSON, query parameters. */
@NullMarked
package io.gatehouse.servers.logins;

import org.jspecify.annotations.NullMarked;
