/**
 * The admin API: what an {@link io.gatehouse.operate.Operator} can see and do, over HTTP, as JSON, for those who have a token or a
 * role. It is described by {@code openapi.json} beside this file and by {@code src/docs/reference/admin-api.md}.
 */
@NullMarked
package io.gatehouse.admin;

import org.jspecify.annotations.NullMarked;
