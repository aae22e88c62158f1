package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.app.SessionServlet;
import io.gatehouse.servers.cached.CachedServlet;
import io.gatehouse.servers.club.ClubServlet;
import io.gatehouse.servers.club.after.Album;
import io.gatehouse.servers.club.before.Guestbook;
import io.gatehouse.servers.club.faces.Clicks;
import io.gatehouse.servers.guarded.AnnotatedBasic;
import io.gatehouse.servers.guarded.GuardedServlet;
import io.gatehouse.servers.guarded.Members;
import io.gatehouse.servers.guarded.SlowPage;
import io.gatehouse.servers.limited.LimitedServlet;
import io.gatehouse.servers.logins.LoginServlet;
import io.gatehouse.servers.neighbour.Api;
import io.gatehouse.servers.plain.CountServlet;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.ArchivePaths;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ArchiveAsset;
import org.jboss.shrinkwrap.api.asset.Asset;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Builds the WARs that the tests deploy. */
public final class Wars {
    private static final String LIMITS = "gatehouse-limits.properties";

    private Wars() {}

    /** Returns the built WAR unchanged, {@code /gatehouse}. */
    public static WebArchive built() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("gatehouse.war")));
    }

    /** Returns an application with the Gatehouse JAR, its dependencies and its EJB timer, {@code /shop}. */
    public static WebArchive shop() {
        return shop("web.xml").addAsWebInfResource(new File("webapp/WEB-INF/ejb-jar.xml"), "ejb-jar.xml");
    }

    /** Returns the shop with CDI and JAX-RS resources, without the timer, {@code /traced}. */
    public static WebArchive traced() {
        return application("traced.war", "web.xml")
                .addPackage(SessionServlet.class.getPackage())
                .addPackage(Api.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** Returns the shop without the timer. */
    static WebArchive shop(String webXml) {
        return application("shop.war", webXml).addPackage(SessionServlet.class.getPackage());
    }

    /** Returns an application with CDI beans, session listeners and the EJB timer of Gatehouse, {@code /club}. */
    public static WebArchive club() {
        return application("club.war", "club-web.xml")
                .addPackage(ClubServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addAsWebInfResource(new File("webapp/WEB-INF/ejb-jar.xml"), "ejb-jar.xml");
    }

    /** Returns the club with a Faces page. */
    public static WebArchive facesClub() {
        return club().addPackage(Clicks.class.getPackage())
                .addAsWebInfResource("servers/faces-config.xml", "faces-config.xml")
                .addAsWebResource("servers/clicks.xhtml", "clicks.xhtml");
    }

    /** Returns the club with strict session settings and a cookie configured by its web.xml. */
    static WebArchive strictClub() {
        return club().setWebXML("servers/strict-club-web.xml");
    }

    /** Returns the old version of the club, with a bean that the new version does not have. */
    public static WebArchive clubBefore() {
        return club().addPackage(Guestbook.class.getPackage());
    }

    /** Returns the new version of the club. */
    public static WebArchive clubAfter() {
        return club().addPackage(Album.class.getPackage());
    }

    /** Returns an application with FORM login for users of the server, {@code /guarded}. */
    public static WebArchive guarded() {
        return guarded("guarded.war", "guarded-web.xml");
    }

    /** Returns the same application with its own users, authenticated by a mechanism of Jakarta Security. */
    public static WebArchive guardedBy(Class<?> mechanism, String name) {
        return guarded(name + ".war", "mechanism-web.xml")
                .addClasses(mechanism, mechanism.getSuperclass(), Members.class)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addAsWebInfResource("servers/jboss-web.xml", "jboss-web.xml");
    }

    /** Returns the same application with its own users, authenticated by the built-in BASIC mechanism of Jakarta Security. */
    static WebArchive guardedByAnnotation() {
        return guarded("annotated.war", "mechanism-web.xml")
                .addClasses(AnnotatedBasic.class, Members.class)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addAsWebInfResource("servers/jboss-web.xml", "jboss-web.xml");
    }

    /** Returns the guarded application with another descriptor. */
    public static WebArchive guarded(String name, String webXml) {
        return application(name, webXml)
                .addClasses(GuardedServlet.class, GuardedServlet.OfMembers.class)
                .addAsWebInfResource("servers/glassfish-web.xml", "glassfish-web.xml");
    }

    /** Returns the guarded application with the admin API for members and a token, and its own JAX-RS resources, {@code /administered}. */
    static WebArchive administered() {
        WebArchive application = guarded("administered.war", "admin-web.xml");
        return Server.LIBERTY.isUnderTest() // its features for the tests are those of server-config, without JAX-RS
                ? application
                : application.addPackage(Api.class.getPackage());
    }

    /** Returns an application with its own rate limits, login protection and FORM login, {@code /limits}. */
    public static WebArchive limits() {
        return application("limits.war", "limits-web.xml")
                .addPackage(LimitedServlet.class.getPackage())
                .addAsWebInfResource("servers/limits.properties", LIMITS)
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** Returns an application with login forms of many kinds, {@code /logins}. */
    static WebArchive logins() {
        return application("logins.war", "logins-web.xml")
                .addPackage(LoginServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** Returns an application without Gatehouse to which {@code server-config/attach.sh} has added it. */
    static WebArchive attached(WebArchive plain) throws IOException, InterruptedException {
        Path folder = ServerTestEnvironment.FOLDER.resolve("tmp");
        Path war = folder.resolve(plain.getName());
        Path guarded = folder.resolve(plain.getName().replace(".war", "-guarded.war"));
        Files.deleteIfExists(guarded);
        plain.as(ZipExporter.class).exportTo(war.toFile(), true);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "sh", "server-config/attach.sh", war.toString(), "--gatehouse", "target/gatehouse-all.jar"))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return ShrinkWrap.create(WebArchive.class, plain.getName())
                .merge(ShrinkWrap.createFromZipFile(WebArchive.class, guarded.toFile()));
    }

    /** Returns an application whose server uses the sessions of Gatehouse. */
    public static WebArchive inContainerMode(WebArchive application) {
        return with(application, "GATEHOUSE_SESSION_INTEGRATION", "container");
    }

    /** Returns the guarded application in container mode with a login page on a path that is excluded from the filter, {@code /slow}. */
    public static WebArchive guardedWithExcludedPage() {
        WebArchive guarded = guarded("slow.war", "guarded-web.xml").addClass(SlowPage.class);
        String webXml = text(guarded.get("WEB-INF/web.xml").getAsset()).replace("/open/please", "/page/please");
        return with(
                inContainerMode(guarded.setWebXML(new StringAsset(webXml))),
                "GATEHOUSE_FILTER_EXCLUDE",
                "/page/please");
    }

    /** Adds a setting to web.xml. */
    public static WebArchive with(WebArchive application, String setting, String value) {
        String webXml = text(application.get("WEB-INF/web.xml").getAsset());
        String parameter = "<context-param><param-name>" + setting + "</param-name><param-value>" + value
                + "</param-value></context-param>";
        return application.setWebXML(new StringAsset(webXml.replace("</web-app>", parameter + "</web-app>")));
    }

    private static String text(Asset asset) {
        try (InputStream in = asset.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns an application with cached methods, a warmup source and jobs, {@code /cached}. */
    static WebArchive cached() {
        return application("cached.war", "cached-web.xml")
                .addPackage(CachedServlet.class.getPackage())
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** Returns an application that counts the requests of a session. */
    public static WebArchive counting(String name) {
        return application(name + ".war", "club-web.xml").addClass(CountServlet.class);
    }

    /** Returns an application at {@code /club} on WildFly whose Weld does not find the weld.properties of Gatehouse. */
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
        return ShrinkWrap.create(WebArchive.class, name)
                .setWebXML("servers/" + webXml)
                .addAsWebInfResource("servers/no-limits.properties", LIMITS)
                .addAsLibraries(libraries());
    }

    /** Returns the Gatehouse JAR and its dependencies. */
    static List<JavaArchive> libraries() {
        List<JavaArchive> libraries = new ArrayList<>(List.of(ShrinkWrap.createFromZipFile(JavaArchive.class, jar())));
        for (Node node : built().getContent(Filters.include("/WEB-INF/lib/.*")).values()) {
            if (node.getAsset() != null && !isGatehouse(node.getPath())) {
                String file = Path.of(node.getPath().get()).getFileName().toString();
                libraries.add(ShrinkWrap.create(ZipImporter.class, file)
                        .importFrom(node.getAsset().openStream())
                        .as(JavaArchive.class));
            }
        }
        return libraries;
    }

    private static File jar() {
        return new File(System.getProperty("gatehouse.jar"));
    }

    private static boolean isGatehouse(ArchivePath path) {
        return Path.of(path.get()).getFileName().toString().startsWith("gatehouse-");
    }
}
