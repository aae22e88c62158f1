/**
 * The servlet side: the filter in front of the application, the request and response wrappers, and the cookies.
 *
 * <p>The filter opens the session that a request's cookie names, passes the wrapped request to the application, and saves
 * changes before the first byte of the response is sent.
 */
@NullMarked
package io.gatehouse.internal.web;

import org.jspecify.annotations.NullMarked;
