/**
 * Session records in Redis: their format, their scripts, and the indexes by expiry and by user. {@code wire-formats.md}
 * defines the bytes.
 */
@NullMarked
package io.gatehouse.internal.session.store;

import org.jspecify.annotations.NullMarked;
