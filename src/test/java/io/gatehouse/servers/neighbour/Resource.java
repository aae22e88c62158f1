package io.gatehouse.servers.neighbour;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource with the same path prefix as Gatehouse's endpoints. */
@Path("/v1/core/{name}")
public class Resource {
    @GET
    public String get() {
        return "the application's own";
    }
}
