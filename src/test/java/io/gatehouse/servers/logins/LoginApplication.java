package io.gatehouse.servers.logins;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The JAX-RS application with the login resources. */
@ApplicationPath("/api")
public class LoginApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(LoginResource.class);
    }
}
