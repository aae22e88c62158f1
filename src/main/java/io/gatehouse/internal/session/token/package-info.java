/**
 * Session tokens and the names derived from them. The secret id is in the cookie only; the handle and the Redis key are
 * keyed one-way derivations of it.
 */
@NullMarked
package io.gatehouse.internal.session.token;

import org.jspecify.annotations.NullMarked;
