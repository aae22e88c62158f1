/**
 * Sessions of requests: the live objects that the requests of a node share, change detection, merging, limits and the end
 * of sessions. Knows no servlets.
 */
@NullMarked
package io.gatehouse.internal.session;

import org.jspecify.annotations.NullMarked;
