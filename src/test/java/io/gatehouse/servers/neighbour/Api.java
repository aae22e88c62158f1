package io.gatehouse.servers.neighbour;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** A JAX-RS application at a parent path of Gatehouse's endpoints. */
@ApplicationPath("/api")
public class Api extends Application {}
