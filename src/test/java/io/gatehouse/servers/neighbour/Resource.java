package io.gatehouse.servers.neighbour;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource beside our endpoints, under the same prefix. */
@Path("/v1/core/{name}")
public class Resource {
    @GET
    public String tell() {
        return "the application's own";
    }
}
