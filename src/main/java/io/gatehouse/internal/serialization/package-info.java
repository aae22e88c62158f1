/**
 * Encodes application values as bytes and decodes them: a compact format, JSON, or Java serialization with an allow list
 * of classes.
 */
@NullMarked
package io.gatehouse.internal.serialization;

import org.jspecify.annotations.NullMarked;
