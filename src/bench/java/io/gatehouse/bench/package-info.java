/** The benchmark: web applications that differ only in how they keep sessions, under the same load side by side. */
@NullMarked
package io.gatehouse.bench;

import org.jspecify.annotations.NullMarked;
