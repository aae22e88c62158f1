/**
 * What application servers do not offer in a standard way, one class for each server behind one interface: the session
 * listeners of the application as the server made them, CDI scopes in our sessions, and class loaders that see the server's own
 * classes. No other package knows a server's name.
 *
 * <p>Everything here fails soft: where a server has changed inside, one line in the log says what is missing, and requests go on.
 */
@NullMarked
package io.gatehouse.container;

import org.jspecify.annotations.NullMarked;
