package io.gatehouse.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/** The process of a WAR: an embedded Tomcat that reads its web.xml and scans its JARs, as a server does. Its class path has only Tomcat. */
final class WarServer {
    private WarServer() {}

    /** Takes the folder of the unpacked WAR; prints the port when the application has started, and exits when standard input ends. */
    @SuppressWarnings("SystemOut") // the line that the parent process waits for
    public static void main(String[] arguments) throws IOException, LifecycleException {
        Tomcat tomcat = Application.tomcat();
        StandardContext context = new StandardContext();
        context.setPath("");
        context.setDocBase(Path.of(arguments[0]).toAbsolutePath().toString());
        ContextConfig configuration = new ContextConfig();
        configuration.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        context.addLifecycleListener(configuration);
        tomcat.getHost().addChild(context);
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("the application did not start");
        }
        System.out.println(tomcat.getConnector().getLocalPort());
        while (System.in.read() >= 0) {} // until the parent process ends
        System.exit(0);
    }
}
