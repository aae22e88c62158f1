/**
 * Encodes application values as bytes and decodes them: in a compact format, as JSON, or with Java serialization restricted
 * to an allow list of classes.
 */
@NullMarked
package io.gatehouse.internal.serialization;

import org.jspecify.annotations.NullMarked;
