package io.gatehouse.servers.neighbour;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** JAX-RS at a path above ours. */
@ApplicationPath("/api")
public class Api extends Application {}
