/**
 * Session tokens, and the names of sessions that are derived from them. The secret id exists only in the cookie; the handle and
 * the Redis key are keyed one-way hashes of it.
 */
@NullMarked
package io.gatehouse.internal.session.token;

import org.jspecify.annotations.NullMarked;
