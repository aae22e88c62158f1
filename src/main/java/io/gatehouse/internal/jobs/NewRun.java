package io.gatehouse.internal.jobs;

/**
 * A run that is not in Redis yet. Immutable.
 *
 * @param json the arguments
 * @param tag the signature
 */
record NewRun(String id, String name, String json, String tag) {}
