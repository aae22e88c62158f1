package io.gatehouse.servers;

import io.gatehouse.run.WildFlyHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Who may log in to WildFly: alice by FORM and {@code login()}, and whom an application knows itself in the domain {@code guarded}. */
final class WildFlyUsers {
    private static final String OTHER =
            "<application-security-domain name=\"other\" security-domain=\"ApplicationDomain\"/>";
    private static final String GUARDED =
            "<application-security-domain name=\"guarded\" security-domain=\"ApplicationDomain\" integrated-jaspi=\"false\"/>";

    private WildFlyUsers() {}

    /** @param configurations the folder of WildFly's configurations */
    static void addTo(Path configurations) throws IOException {
        Files.writeString(
                configurations.resolve("application-users.properties"),
                "alice=" + digest("alice:ApplicationRealm:alice"));
        Files.writeString(configurations.resolve("application-roles.properties"), "alice=member");
        Path file = configurations.resolve(WildFlyHome.CONFIGURATION);
        String text = Files.readString(file);
        if (!text.contains(GUARDED)) {
            int place = text.lastIndexOf(OTHER); // the first one is that of EJB
            Files.writeString(file, text.substring(0, place) + GUARDED + text.substring(place));
        }
    }

    /** As WildFly's {@code add-user} makes it. */
    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
