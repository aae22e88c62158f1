package io.gatehouse.servers.app;

import java.io.Serializable;

/** A value stored by Java serialization, so that reading it requires the application's class. */
public record Guest(String name) implements Serializable {}
