package io.gatehouse.servers.liberty;

import io.gatehouse.servers.Server;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Registers the Open Liberty adapter with Arquillian if it is the server under test. Arquillian allows only one adapter. */
public final class LibertyExtension implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        if (Server.LIBERTY.isUnderTest()) {
            builder.service(DeployableContainer.class, LibertyContainer.class);
        }
    }
}
