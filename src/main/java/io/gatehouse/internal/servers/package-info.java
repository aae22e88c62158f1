/**
 * Adapters for what application servers do not offer in a standard way: session listeners as the server created them, CDI
 * scopes in Gatehouse sessions, and class loaders. No other package names a server.
 *
 * <p>Every adapter degrades gracefully: if a server has changed internally, one log line says what is missing, and
 * requests continue.
 */
@NullMarked
package io.gatehouse.internal.servers;

import org.jspecify.annotations.NullMarked;
