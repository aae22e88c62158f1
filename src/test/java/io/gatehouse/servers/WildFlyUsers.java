package io.gatehouse.servers;

import io.gatehouse.run.WildFlyHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Configures the users of WildFly: alice for FORM and {@code login()}, and the domain {@code guarded} for users of the application. */
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
            int position = text.lastIndexOf(OTHER); // the first occurrence belongs to EJB
            Files.writeString(file, text.substring(0, position) + GUARDED + text.substring(position));
        }
    }

    /** Returns the digest that WildFly's {@code add-user} computes. */
    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
