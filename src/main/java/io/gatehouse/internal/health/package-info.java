/**
 * Reports whether Gatehouse can work: as JSON over HTTP and, where the server supports it, as MicroProfile Health checks.
 * Answers come from the last background probe; a health request never reaches Redis.
 */
@NullMarked
package io.gatehouse.internal.health;

import org.jspecify.annotations.NullMarked;
