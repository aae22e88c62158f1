/**
 * Tells whether Gatehouse can do its work: as JSON under {@code /api/v1/core/health/} and, where the server has MicroProfile
 * Health, as its liveness, readiness and startup checks. All answers come from what the background probe saw last; asking
 * never reaches Redis.
 */
@NullMarked
package io.gatehouse.health;

import org.jspecify.annotations.NullMarked;
