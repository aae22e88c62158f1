package io.gatehouse.tomcat;

import java.io.IOException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Runs an unpacked WAR at {@code /shop} on the version of Tomcat in the class path, until its standard input ends. */
final class TomcatLauncher {
    /** The start of the line that names the port when the application has started. */
    static final String PORT = "port ";

    private TomcatLauncher() {}

    /** @param arguments a folder for Tomcat's files, and that of the WAR */
    public static void main(String[] arguments) throws LifecycleException, IOException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[0]);
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("/shop", arguments[1]);
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            System.exit(1);
        }
        System.out.println(PORT + tomcat.getConnector().getLocalPort());
        int unused = System.in.read();
        tomcat.stop();
    }
}
