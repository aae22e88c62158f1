package io.gatehouse.servers.wildfly;

import io.gatehouse.servers.ContainerLogins;
import io.gatehouse.servers.OnServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of WildFly. */
@OnServer
class ContainerLoginIT extends ContainerLogins {

    @Override
    protected boolean changesTheIdBeforeAndAfter() {
        return false;
    }

    @Override
    protected boolean continues(@Nullable String location, String url) {
        return url.equals(location);
    }

    @Override
    protected List<String> stored() {
        return List.of("POST", "hello", "alice");
    }
}
