/**
 * A cache of two levels: entries in the process, and signed in Redis, which all nodes share. What is changed or invalidated on
 * one node is gone on all; one loader runs for a key, however many ask on however many nodes.
 */
@NullMarked
package io.gatehouse.cache;

import org.jspecify.annotations.NullMarked;
