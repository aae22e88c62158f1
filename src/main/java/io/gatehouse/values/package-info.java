/** Values of applications as bytes and back: plain, JSON or Java serialization, and which classes may come that way. */
@NullMarked
package io.gatehouse.values;

import org.jspecify.annotations.NullMarked;
