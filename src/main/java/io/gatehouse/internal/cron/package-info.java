/** Cron expressions: the fire times of an expression in a time zone. Only this package uses cron-utils. */
@NullMarked
package io.gatehouse.internal.cron;

import org.jspecify.annotations.NullMarked;
