/**
 * The servlet side: the filter in front of the application, the request and response wrappers, and the cookies.
 *
 * <p>The filter opens the session that a request's cookie names, passes the wrapped request on, and saves changes before
 * the first byte of the response leaves.
 */
@NullMarked
package io.gatehouse.internal.web;

import org.jspecify.annotations.NullMarked;
