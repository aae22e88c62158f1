/**
 * Finds the client address of a request behind trusted proxies, from {@code Forwarded} (RFC 7239) or {@code
 * X-Forwarded-For}. Never resolves a host name.
 */
@NullMarked
package io.gatehouse.internal.clientaddress;

import org.jspecify.annotations.NullMarked;
