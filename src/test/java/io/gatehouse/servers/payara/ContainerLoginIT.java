package io.gatehouse.servers.payara;

import io.gatehouse.servers.ContainerLogins;
import io.gatehouse.servers.OnServer;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of Payara. */
@OnServer
class ContainerLoginIT extends ContainerLogins {

    @Override
    protected boolean changesTheIdBeforeAndAfter() {
        return true;
    }

    @Override
    protected boolean continues(@Nullable String location, String url) {
        return location != null && location.endsWith(URI.create(url).getPath());
    }

    @Override
    protected List<String> stored() {
        return List.of("members%2Fsay");
    }
}
