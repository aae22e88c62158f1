/**
 * Work that is done again and again: what is due, and what makes the time pass. That is an EJB timer where the server gives
 * web applications one, else a managed executor, else a thread of our own.
 */
@NullMarked
package io.gatehouse.schedule;

import org.jspecify.annotations.NullMarked;
