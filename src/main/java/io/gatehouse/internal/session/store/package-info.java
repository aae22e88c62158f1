/**
 * Session records in Redis: their format, their scripts, and the indexes by expiry and by user. The page {@code wire-formats.md}
 * specifies the bytes.
 */
@NullMarked
package io.gatehouse.internal.session.store;

import org.jspecify.annotations.NullMarked;
