/**
 * The admin API: the operations of {@code internal.ops} over HTTP, as JSON, for callers with a token or a role. {@code
 * openapi.json} beside this package and the admin API page describe it.
 */
@NullMarked
package io.gatehouse.internal.admin;

import org.jspecify.annotations.NullMarked;
