/**
 * Sessions of requests: the live sessions that the requests of a node share, change detection, merging, limits and the end of
 * sessions. Does not depend on the Servlet API.
 */
@NullMarked
package io.gatehouse.internal.session;

import org.jspecify.annotations.NullMarked;
