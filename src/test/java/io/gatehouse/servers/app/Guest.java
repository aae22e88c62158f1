package io.gatehouse.servers.app;

import java.io.Serializable;

/** What is stored by Java serialization, so that the server must find the application's class when it is read. */
public record Guest(String name) implements Serializable {}
