package io.gatehouse.internal.oidc;

import java.time.Instant;

/**
 * A verified logout token.
 *
 * @param id the {@code jti}, unique for the issuer
 * @param sid the provider's session that ended, or empty
 * @param sub the user who was logged out, or empty
 * @param acceptedUntil the time after which the verifier refuses this token
 */
record LogoutToken(String id, String sid, String sub, Instant acceptedUntil) {}
