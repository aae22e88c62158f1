package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose web.xml configures the login, as in a Tomcat that is not embedded. */
@RedisTest
class ConfiguredLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <session-config>
                <session-timeout>45</session-timeout>
                <cookie-config><name>JSESSIONID</name></cookie-config>
                <tracking-mode>COOKIE</tracking-mode>
              </session-config>
              <servlet>
                <servlet-name>pages</servlet-name>
                <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class>
              </servlet>
              <servlet-mapping><servlet-name>pages</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>member</web-resource-name><url-pattern>/member.txt</url-pattern>
                </web-resource-collection>
                <auth-constraint><role-name>member</role-name></auth-constraint>
              </security-constraint>
              <login-config>
                <auth-method>FORM</auth-method><realm-name>members</realm-name>
                <form-login-config>
                  <form-login-page>/login.txt</form-login-page><form-error-page>/error.txt</form-error-page>
                </form-login-config>
              </login-config>
              <security-role><role-name>member</role-name></security-role>
            </web-app>
            """;

    @TempDir
    Path folder;

    private final Browser browser = new Browser();

    private Tomcat start(String name) throws IOException, LifecycleException {
        Path docBase = Files.createDirectories(folder.resolve(name));
        Files.writeString(Files.createDirectories(docBase.resolve("WEB-INF")).resolve("web.xml"), WEB_XML);
        for (String page : new String[] {"login", "error", "member", "free"}) {
            Files.writeString(docBase.resolve(page + ".txt"), page);
        }
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.resolve(name + "-base").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("/shop", docBase.toString());
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        context.setRealm(new ServerUsers.Everybody());
        context.addLifecycleListener(event -> {
            if (event.getType().equals(Lifecycle.CONFIGURE_START_EVENT)) {
                configure(context);
                context.addServletContainerInitializer(new GatehouseInitializer(), Set.of());
            }
        });
        tomcat.start();
        return tomcat;
    }

    /** Sets the parameters again at each start, because a reload removes them. */
    private static void configure(Context context) {
        context.addParameter("REDIS_SESSION_URL", REDIS.url());
        context.addParameter("REDIS_RATE_LIMIT_URL", REDIS.url());
        context.addParameter("REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:1/4");
        context.addParameter("GATEHOUSE_CACHE_ENABLED", "False");
        context.addParameter("GATEHOUSE_RATE_LIMITS", "none");
        context.addParameter("GATEHOUSE_KEYS", App.KEYS);
        context.addParameter("GATEHOUSE_SESSION_INTEGRATION", "container");
    }

    private static String url(Tomcat tomcat, String path) {
        return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/shop" + path;
    }

    @Test
    void theLoginAndAReloadWork() throws IOException, LifecycleException {
        Tomcat one = start("one");
        Tomcat two = start("two");
        try {
            Context context = (Context) one.getHost().findChild("/shop");
            assertThat(context.getPipeline().getValves())
                    .extracting(valve -> valve.getClass().getSimpleName())
                    .containsExactly("GuardValve", "FormAuthenticator", "StandardContextValve");
            Browser.Answer page = browser.get(url(one, "/member.txt"));
            assertThat(page.body()).isEqualTo("login");
            assertThat(page.setCookies()).hasSize(1);
            browser.post(url(one, "/j_security_check"), "j_username=alice&j_password=alice");
            assertThat(browser.get(url(one, "/member.txt")).body()).isEqualTo("member");
            context.reload();
            assertThat(context.getPipeline().getValves())
                    .extracting(valve -> valve.getClass().getSimpleName())
                    .containsExactly("GuardValve", "FormAuthenticator", "StandardContextValve");
            assertThat(browser.get(url(one, "/member.txt")).body()).isEqualTo("member");
            assertThat(browser.get(url(two, "/member.txt")).body()).isEqualTo("member");
            assertThat(browser.get(url(two, "/free.txt")).body()).isEqualTo("free");
        } finally {
            for (Tomcat tomcat : new Tomcat[] {one, two}) {
                tomcat.stop();
                tomcat.destroy();
            }
        }
    }
}
