/**
 * The servlet side: a filter in front of everything, the request and response it wraps, the cookie.
 *
 * <p>{@link io.gatehouse.web.GatehouseFilter} opens the session that a request's cookie claims, hands wrapped objects to the
 * application, and saves what changed before the first byte of the answer leaves.
 */
@NullMarked
package io.gatehouse.web;

import org.jspecify.annotations.NullMarked;
