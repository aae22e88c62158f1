/**
 * Sessions that are signed and live in Redis: tokens, records, the store and the live objects that requests share.
 *
 * <p>Nothing here knows servlets. {@link io.gatehouse.session.Sessions} is the door: it turns a cookie value into a {@link
 * io.gatehouse.session.Session}, saves what changed and ends what is over. What the bytes in cookies and in Redis look like
 * is written down in {@code src/docs/reference/wire-formats.md}.
 */
@NullMarked
package io.gatehouse.session;

import org.jspecify.annotations.NullMarked;
