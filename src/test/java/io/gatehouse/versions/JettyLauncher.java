package io.gatehouse.versions;

import java.nio.file.Path;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.security.Credential;

/**
 * Runs an unpacked WAR at {@code /shop} on the Jetty of the class path, until its standard input ends. In the realm {@code members} is the user
 * {@code alice}.
 */
final class JettyLauncher {
    private JettyLauncher() {}

    /**
     * Runs the server.
     *
     * @param arguments the port, the version of Jakarta EE as Jetty names it, such as {@code ee10}, and the folder of the WAR
     */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        ContextHandler application = Class.forName("org.eclipse.jetty." + arguments[1] + ".webapp.WebAppContext")
                .asSubclass(ContextHandler.class)
                .getDeclaredConstructor()
                .newInstance();
        application.setContextPath("/shop");
        application.setBaseResourceAsPath(Path.of(arguments[2]));
        server.setHandler(application);
        UserStore users = new UserStore();
        users.addUser("alice", Credential.getCredential("alice"), new String[] {"member"});
        HashLoginService login = new HashLoginService("members");
        login.setUserStore(users);
        boolean unusedResult = server.addBean(login);
        server.start();
        int unusedByte = System.in.read();
        server.stop();
    }
}
