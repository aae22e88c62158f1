/**
 * The servlet side of Gatehouse: the filter, the request and the response that it wraps, the cookie, and error responses.
 *
 * <p>{@link io.gatehouse.web.GatehouseFilter} finds the {@code RequestContext} of a request and opens it, which gives a
 * {@code RequestOutcome}. A {@code Dispatch} passes an admitted request to the application, with wrapped objects that save the
 * session before the first byte of the response is sent. {@code ErrorResponses} answers all other requests.
 * {@code HttpSessionAdapter} and {@code ListenerNotifier} connect {@code jakarta.servlet.http.HttpSession} and its listeners to the
 * session repository.
 */
@NullMarked
package io.gatehouse.web;

import org.jspecify.annotations.NullMarked;
