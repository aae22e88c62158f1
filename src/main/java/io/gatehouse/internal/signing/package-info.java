/**
 * A ring of keys that signs (HMAC-SHA256) and optionally encrypts (AES-256-GCM). Each key derives one key per purpose
 * (HKDF, RFC 5869), so a tag made for one purpose never verifies for another.
 */
@NullMarked
package io.gatehouse.internal.signing;

import org.jspecify.annotations.NullMarked;
