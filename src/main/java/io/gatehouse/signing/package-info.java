/**
 * Proves that bytes are ours and, by option, hides them: a ring of keys, HMAC-SHA256 and AES-256-GCM.
 *
 * <p>Every key of the ring gives one derived key for each {@link io.gatehouse.signing.Purpose} (HKDF, RFC 5869), so a tag
 * made for one purpose never verifies for another.
 */
@NullMarked
package io.gatehouse.signing;

import org.jspecify.annotations.NullMarked;
