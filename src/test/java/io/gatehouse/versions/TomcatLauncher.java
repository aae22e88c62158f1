package io.gatehouse.versions;

import java.io.IOException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * Runs an unpacked WAR at {@code /shop} on the version of Tomcat in the class path, which knows the member {@code alice}, until its standard
 * input ends.
 */
final class TomcatLauncher {
    private TomcatLauncher() {}

    /**
     * Runs the server.
     *
     * @param arguments the port, a folder for Tomcat's files, and that of the WAR
     */
    public static void main(String[] arguments) throws LifecycleException, IOException {
        Tomcat tomcat = new Tomcat();
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.setBaseDir(arguments[1]);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.addUser("alice", "alice");
        tomcat.addRole("alice", "member");
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("/shop", arguments[2]);
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        tomcat.start();
        int unused = System.in.read();
        tomcat.stop();
    }
}
