package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The login of a WAR by Jetty, which uses the sessions of Gatehouse: web.xml configures FORM authentication, {@code gatehouse-all.jar} is in
 * {@code WEB-INF/lib}, and Jetty hides its own classes from the WAR.
 */
@RedisTest
class JettyLoginIT {
    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
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
    Path folder = Path.of("");

    private final Browser browser = new Browser();

    private Path war() throws IOException {
        Path war = folder.resolve("shop");
        Path inside = Files.createDirectories(war.resolve("WEB-INF"));
        Files.writeString(inside.resolve("web.xml"), WEB_XML);
        Files.copy(
                Path.of("target", "gatehouse-all.jar"),
                Files.createDirectory(inside.resolve("lib")).resolve("gatehouse-all.jar"));
        for (String page : new String[] {"login", "error", "member", "free"}) {
            Files.writeString(war.resolve(page + ".txt"), page);
        }
        return war;
    }

    private ServerProcess node(List<String> arguments, TestRedis redis) throws IOException {
        return new ServerProcess(Path.of(System.getProperty("java.home")), arguments, redis, folder);
    }

    @ParameterizedTest
    @CsvSource({"ee10, always", "ee11, all"})
    void theUserIsKnownOnTheOtherNodeAfterTheFirstWasKilled(String ee, String when, TestRedis redis)
            throws IOException {
        assumeTrue(when.equals("always") || "all".equals(System.getProperty("servers")), "runs with -Dservers=all");
        List<String> arguments = new ArrayList<>(List.of("-Xmx128m", "-DGATEHOUSE_SESSION_INTEGRATION=container"));
        arguments.addAll(ServerFiles.jetty(ee, war(), folder.resolve("launcher")));
        try (ServerProcess one = node(arguments, redis);
                ServerProcess two = node(arguments, redis)) {
            one.awaitStart("/free.txt");
            two.awaitStart("/free.txt");
            assertThat(browser.get(one.url("/member.txt")).header("location")).isEqualTo("/shop/login.txt");
            assertThat(browser.post(one.url("/j_security_check"), "j_username=alice&j_password=wrong")
                            .header("location"))
                    .isEqualTo("/shop/error.txt");
            assertThat(browser.post(two.url("/j_security_check"), "j_username=alice&j_password=alice")
                            .header("location"))
                    .isEqualTo("/shop/member.txt");
            assertThat(browser.get(one.url("/member.txt")).body()).isEqualTo("member");
            one.kill();
            assertThat(browser.get(two.url("/member.txt")).body()).isEqualTo("member");
            assertThat(browser.cookie("JSESSIONID")).isNull();
            assertThat(new Browser().get(two.url("/member.txt")).header("location"))
                    .isEqualTo("/shop/login.txt");
            assertThat(browser.get(two.url("/none.txt")).status()).isEqualTo(404);
        }
    }
}
