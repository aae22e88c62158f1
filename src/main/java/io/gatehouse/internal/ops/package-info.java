/**
 * The administrative operations on one application, shared by the admin API and the command line. Results are
 * records that map directly to JSON: names in camel case, times in ISO 8601 in UTC, durations as numbers with the unit in the
 * name. No result contains a session id, a cookie value, an attribute value or a secret.
 */
@NullMarked
package io.gatehouse.internal.ops;

import org.jspecify.annotations.NullMarked;
