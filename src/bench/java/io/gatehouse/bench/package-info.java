/** The benchmarks: Gatehouse compared with other implementations, and with a bare GET, under the same load. */
@NullMarked
package io.gatehouse.bench;

import org.jspecify.annotations.NullMarked;
