package io.gatehouse.servers.liberty;

import io.gatehouse.servers.Server;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Brings Open Liberty to Arquillian where it is the server under test; elsewhere another adapter does, and there may be but one. */
public final class LibertyExtension implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        if (Server.LIBERTY.isUnderTest()) {
            builder.service(DeployableContainer.class, LibertyContainer.class);
        }
    }
}
