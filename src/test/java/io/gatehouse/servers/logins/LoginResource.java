package io.gatehouse.servers.logins;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Form;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Login forms that are read in every way that JAX-RS supports. Each method returns what it has read. */
@Path("/")
public class LoginResource {

    @POST
    @Path("map")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public String map(MultivaluedMap<String, String> form) {
        return form.getFirst("user") + form.getFirst("password");
    }

    @POST
    @Path("form")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public String form(Form form) {
        return form.asMap().getFirst("user") + form.asMap().getFirst("password");
    }

    @POST
    @Path("param")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public String param(@FormParam("user") String user, @FormParam("password") String password) {
        return user + password;
    }

    @POST
    @Path("string")
    public String string(String entity) {
        return entity;
    }

    @POST
    @Path("stream")
    public String stream(InputStream entity) throws IOException {
        return new String(entity.readAllBytes(), StandardCharsets.UTF_8);
    }
}
