/** Filling the cache before somebody asks: sources of entries, the runs that take from them, and which keys are used most. */
@NullMarked
package io.gatehouse.warming;

import org.jspecify.annotations.NullMarked;
