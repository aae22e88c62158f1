package io.gatehouse.servers;

import io.gatehouse.servers.app.SessionServlet;
import io.gatehouse.servers.cached.CachedServlet;
import io.gatehouse.servers.club.ClubServlet;
import io.gatehouse.servers.club.after.Album;
import io.gatehouse.servers.club.before.Guestbook;
import io.gatehouse.servers.club.faces.Clicks;
import io.gatehouse.servers.guarded.GuardedServlet;
import io.gatehouse.servers.guarded.Members;
import io.gatehouse.servers.limited.LimitedServlet;
import io.gatehouse.servers.logins.LoginServlet;
import io.gatehouse.servers.neighbour.Api;
import io.gatehouse.servers.plain.CountServlet;
import java.io.File;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.ArchivePaths;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ArchiveAsset;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What is deployed. */
public final class Wars {
    private static final String LIMITS = "gatehouse-limits.properties";

    private Wars() {}

    /** The WAR of the build as it is, {@code /gatehouse}. */
    public static WebArchive built() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("gatehouse.war")));
    }

    /** An application with our JAR and what it needs in its {@code WEB-INF/lib}, and with our EJB timer, {@code /shop}. */
    public static WebArchive shop() {
        return shop("web.xml").addAsWebInfResource(new File("webapp/WEB-INF/ejb-jar.xml"), "ejb-jar.xml");
    }

    /** The same without the timer. */
    static WebArchive shop(String webXml) {
        return application("shop.war", webXml).addPackage(SessionServlet.class.getPackage());
    }

    /** An application with CDI beans and session listeners, and our EJB timer, {@code /club}. */
    static WebArchive club() {
        return application("club.war", "club-web.xml")
                .addPackage(ClubServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addAsWebInfResource(new File("webapp/WEB-INF/ejb-jar.xml"), "ejb-jar.xml");
    }

    /** The club with a page of Faces. */
    static WebArchive facesClub() {
        return club().addPackage(Clicks.class.getPackage())
                .addAsWebInfResource("servers/faces-config.xml", "faces-config.xml")
                .addAsWebResource("servers/clicks.xhtml", "clicks.xhtml");
    }

    /** The club with strict rules for its sessions, and with a cookie as its web.xml wants it. */
    static WebArchive strictClub() {
        return club().setWebXML("servers/strict-club-web.xml");
    }

    /** The club with a bean that its next version does not have. */
    public static WebArchive clubBefore() {
        return club().addPackage(Guestbook.class.getPackage());
    }

    /** The next version of the club. */
    public static WebArchive clubAfter() {
        return club().addPackage(Album.class.getPackage());
    }

    /** An application with FORM log-in by users of the server, {@code /guarded}. */
    static WebArchive guarded() {
        return guarded("guarded.war", "guarded-web.xml");
    }

    /** The same, but the application knows its users itself, by a mechanism of Jakarta Security. */
    static WebArchive guardedBy(Class<?> mechanism, String name) {
        return guarded(name + ".war", "mechanism-web.xml")
                .addClasses(mechanism, mechanism.getSuperclass(), Members.class)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addAsWebInfResource("servers/jboss-web.xml", "jboss-web.xml");
    }

    private static WebArchive guarded(String name, String webXml) {
        return application(name, webXml)
                .addClasses(GuardedServlet.class, GuardedServlet.OfMembers.class)
                .addAsWebInfResource("servers/glassfish-web.xml", "glassfish-web.xml");
    }

    /** The same with the admin API, for its members and by a token, and JAX-RS of its own, {@code /administered}. */
    static WebArchive administered() {
        WebArchive application = guarded("administered.war", "admin-web.xml");
        return Server.LIBERTY.isUnderTest() // whose features for the tests are those of server-config, without JAX-RS
                ? application
                : application.addPackage(Api.class.getPackage());
    }

    /** An application with rate limits of its own, a guarded log-in and FORM log-in, {@code /limits}. */
    static WebArchive limits() {
        return application("limits.war", "limits-web.xml")
                .addPackage(LimitedServlet.class.getPackage())
                .addAsWebInfResource("servers/limits.properties", LIMITS)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** An application with login forms of many kinds, {@code /logins}. */
    static WebArchive logins() {
        return application("logins.war", "logins-web.xml")
                .addPackage(LoginServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** An application with cached methods, a source to warm from, and jobs, {@code /cached}. */
    static WebArchive cached() {
        return application("cached.war", "club-web.xml")
                .addPackage(CachedServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** An application that counts the visits of a session. */
    public static WebArchive counting(String name) {
        return application(name + ".war", "club-web.xml").addClass(CountServlet.class);
    }

    /** An application at {@code /club} on WildFly whose Weld does not find our weld.properties. */
    public static WebArchive withNumberedBeans(String name, WebArchive club) {
        ArchivePath path = ArchivePaths.create("/WEB-INF/lib", jar().getName());
        JavaArchive jar = ShrinkWrap.createFromZipFile(JavaArchive.class, jar());
        jar.delete("/weld.properties");
        WebArchive numbered = ShrinkWrap.create(WebArchive.class, name).merge(club);
        numbered.delete(path);
        return numbered.add(new ArchiveAsset(jar, ZipExporter.class), path)
                .addAsWebInfResource(
                        new StringAsset("<jboss-web><context-root>/club</context-root></jboss-web>"), "jboss-web.xml");
    }

    private static WebArchive application(String name, String webXml) {
        WebArchive made = ShrinkWrap.create(WebArchive.class, name)
                .setWebXML("servers/" + webXml)
                .addAsWebInfResource("servers/no-limits.properties", LIMITS)
                .addAsLibrary(jar());
        for (Node node : built().getContent(Filters.include("/WEB-INF/lib/.*")).values()) {
            ArchivePath path = node.getPath();
            if (node.getAsset() != null && !isOurs(path)) {
                made.add(node.getAsset(), path);
            }
        }
        return made;
    }

    private static File jar() {
        return new File(System.getProperty("gatehouse.jar"));
    }

    private static boolean isOurs(ArchivePath path) {
        return Path.of(path.get()).getFileName().toString().startsWith("gatehouse-");
    }
}
