/**
 * Runs periodic tasks. An EJB timer drives them where the server offers one to web applications, otherwise a managed
 * executor, otherwise a thread of Gatehouse.
 */
@NullMarked
package io.gatehouse.internal.schedule;

import org.jspecify.annotations.NullMarked;
