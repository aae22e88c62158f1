package io.gatehouse.servers;

import io.gatehouse.servers.ear.lib.Archive;
import io.gatehouse.servers.ear.office.Clerk;
import io.gatehouse.servers.ear.web.EarServlet;
import io.gatehouse.servers.ear.web.Filing;
import io.gatehouse.servers.ear.web.Starter;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Builds the EARs that the tests deploy. */
final class Ears {
    private Ears() {}

    /** Returns an EAR with two WARs that have Gatehouse each, {@code /one} and {@code /two}. */
    static EnterpriseArchive ofGuardedWars() {
        return ear("guarded.ear", "", "one", "two")
                .addAsModule(Wars.counting("one"))
                .addAsModule(Wars.counting("two"));
    }

    /**
     * Returns an EAR with Gatehouse in {@code lib}, a library and an EJB JAR that use it, and three WARs: {@code /first}, {@code /second} and
     * {@code /off}, in which Gatehouse does not run.
     */
    static EnterpriseArchive withSharedLibrary() {
        EnterpriseArchive ear = ear("shared.ear", "<module><ejb>office.jar</ejb></module>", "first", "second", "off")
                .addAsLibraries(Wars.libraries())
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "archive.jar")
                        .addPackage(Archive.class.getPackage())
                        .addAsManifestResource(EmptyAsset.INSTANCE, "beans.xml"))
                .addAsModule(ShrinkWrap.create(JavaArchive.class, "office.jar")
                        .addPackage(Clerk.class.getPackage())
                        .addAsManifestResource("servers/ear-ejb-jar.xml", "ejb-jar.xml")
                        .addAsManifestResource(EmptyAsset.INSTANCE, "beans.xml"))
                .addAsModule(war("off").setWebXML("servers/off-web.xml"));
        for (String name : new String[] {"first", "second"}) {
            WebArchive war = war(name).addClass(Filing.class);
            ear.addAsModule(Server.LIBERTY.isUnderTest() ? war.addClass(Starter.class) : war);
        }
        return ear;
    }

    private static WebArchive war(String name) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addClass(EarServlet.class)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    private static EnterpriseArchive ear(String name, String modules, String... wars) {
        String web = Arrays.stream(wars)
                .map(war -> "<module><web><web-uri>" + war + ".war</web-uri><context-root>/" + war
                        + "</context-root></web></module>")
                .collect(Collectors.joining());
        return ShrinkWrap.create(EnterpriseArchive.class, name)
                .setApplicationXML(
                        new StringAsset("<application xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"10\">"
                                + modules + web + "</application>"));
    }
}
