package io.gatehouse.internal.servers;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading the path of the session cookie from web.xml and web fragments. */
class DeploymentDescriptorsTest {
    private static final String PATH =
            "<web-app><session-config><cookie-config><path>/</path></cookie-config></session-config></web-app>";

    @TempDir
    Path library;

    private boolean named(@Nullable String webXml) throws IOException {
        ServletContext context = (ServletContext) Proxy.newProxyInstance(
                ServletContext.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) ->
                        webXml == null ? null : new ByteArrayInputStream(webXml.getBytes(StandardCharsets.UTF_8)));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {library.toUri().toURL()}, null)) {
            return DeploymentDescriptors.nameCookiePath(context, loader);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    <web-app/>|false
                    <web-app><session-config><cookie-config><name>x</name></cookie-config></session-config></web-app>|false
                    <web-app><session-config><cookie-config><path> </path></cookie-config></session-config></web-app>|false
                    <web-app><other><path>/</path></other></web-app>|false
                    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee"><session-config><cookie-config><path>/</path></cookie-config></session-config></web-app>|true
                    <!DOCTYPE web-app SYSTEM "file:///does/not/exist.dtd"><web-app><cookie-config><path>/a</path></cookie-config></web-app>|true
                    <web-app><cookie-config><na|false
                    ''|false
                    """)
    void findsTheCookiePathInWebXml(String webXml, boolean expected) throws IOException {
        assertThat(named(webXml)).isEqualTo(expected);
    }

    @Test
    void findsNoCookiePathWithoutWebXml() throws IOException {
        assertThat(named(null)).isFalse();
    }

    @Test
    void findsTheCookiePathInAWebFragment() throws IOException {
        Files.createDirectories(library.resolve("META-INF"));
        Files.writeString(library.resolve("META-INF/web-fragment.xml"), PATH.replace("web-app", "web-fragment"));
        assertThat(named("<web-app/>")).isTrue();
    }
}
