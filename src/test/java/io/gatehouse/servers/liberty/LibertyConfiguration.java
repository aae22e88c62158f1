package io.gatehouse.servers.liberty;

import java.nio.file.Path;
import java.util.List;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** The configuration of one node in {@code arquillian.xml}. */
public final class LibertyConfiguration implements ContainerConfiguration {
    private String home = "";
    private String userFolder = "";
    private String serverXml = "";
    private String usersXml = "";
    private String arguments = "";
    private int httpPort;

    /** Sets the folder of the installation. */
    public void setHome(String home) {
        this.home = home;
    }

    Path home() {
        return Path.of(home).toAbsolutePath();
    }

    /** Sets the folder of the node's own files, which is created again at each start. */
    public void setUserFolder(String userFolder) {
        this.userFolder = userFolder;
    }

    Path userFolder() {
        return Path.of(userFolder).toAbsolutePath();
    }

    /** Sets the server.xml, which uses the variable {@code http.port}. */
    public void setServerXml(String serverXml) {
        this.serverXml = serverXml;
    }

    Path serverXml() {
        return Path.of(serverXml).toAbsolutePath();
    }

    /** Sets a file that is added to the server's configuration. */
    public void setUsersXml(String usersXml) {
        this.usersXml = usersXml;
    }

    Path usersXml() {
        return Path.of(usersXml).toAbsolutePath();
    }

    /** Sets the JVM arguments, separated by blanks; an argument must not contain one. */
    public void setArguments(String arguments) {
        this.arguments = arguments;
    }

    List<String> arguments() {
        return List.of(arguments.trim().split("\\s+"));
    }

    public void setHttpPort(int httpPort) {
        this.httpPort = httpPort;
    }

    int httpPort() {
        return httpPort;
    }

    @Override
    public void validate() {
        if (home.isEmpty()
                || userFolder.isEmpty()
                || serverXml.isEmpty()
                || usersXml.isEmpty()
                || arguments.isBlank()
                || httpPort == 0) {
            throw new ConfigurationException(
                    "a property is missing from arquillian.xml; expected home, userFolder, serverXml, usersXml, arguments and httpPort");
        }
    }
}
