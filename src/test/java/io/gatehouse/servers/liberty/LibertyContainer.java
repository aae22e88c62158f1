package io.gatehouse.servers.liberty;

import java.io.IOException;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jspecify.annotations.Nullable;

/** Adapts a node of Open Liberty to Arquillian. */
public final class LibertyContainer implements DeployableContainer<LibertyConfiguration> {
    private LibertyConfiguration configuration = new LibertyConfiguration();
    private @Nullable LibertyServer server;

    @Override
    public Class<LibertyConfiguration> getConfigurationClass() {
        return LibertyConfiguration.class;
    }

    @Override
    public void setup(LibertyConfiguration described) {
        configuration = described;
    }

    /** Returns any protocol that Arquillian knows, because no test runs inside the server. */
    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }

    @Override
    public void start() throws LifecycleException {
        try {
            server = LibertyServer.start(configuration);
        } catch (IOException e) {
            throw new LifecycleException("Open Liberty did not start", e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.end();
            server = null;
        }
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        try {
            running().deploy(archive.getName(), archive.as(ZipExporter.class)::exportTo);
        } catch (IOException e) {
            throw new DeploymentException(archive.getName() + " did not start", e);
        }
        return new ProtocolMetaData().addContext(new HTTPContext("127.0.0.1", configuration.httpPort()));
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        try {
            running().undeploy(archive.getName());
        } catch (IOException e) {
            throw new DeploymentException(archive.getName() + " did not stop", e);
        }
    }

    private LibertyServer running() throws IOException {
        if (server == null) {
            throw new IOException("the server is not running; start it before deploying");
        }
        return server;
    }
}
