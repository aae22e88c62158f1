package io.gatehouse.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user {@code alice}, with this password, as a client that authenticates with the scheme Digest (RFC 7616). */
public final class DigestClient {
    private DigestClient() {}

    /** Returns the challenge of a response. */
    public static String challenge(Browser.Answer answer) {
        return Objects.requireNonNull(answer.headers().get("www-authenticate")).stream()
                .filter(line -> line.contains("MD5"))
                .findFirst()
                .orElseGet(() -> Objects.requireNonNull(answer.header("www-authenticate")));
    }

    /**
     * Returns a GET request that answers a challenge.
     *
     * @param count how often the nonce of the challenge was used, with this request
     */
    public static HttpRequest.Builder request(String url, String challenge, int count) {
        String algorithm = parameter(challenge, "algorithm");
        String nonce = parameter(challenge, "nonce");
        String realm = parameter(challenge, "realm");
        String path = URI.create(url).getPath();
        String hash = algorithm.isEmpty() ? "MD5" : algorithm;
        String ha1 = hash(hash, "alice:" + realm + ":alice");
        String ha2 = hash(hash, "GET:" + path);
        String nc = String.format("%08x", count);
        String response = hash(hash, ha1 + ":" + nonce + ":" + nc + ":c0ffee:auth:" + ha2);
        String header = "Digest username=\"alice\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\"" + path
                + "\", response=\"" + response + "\", qop=auth, nc=" + nc + ", cnonce=\"c0ffee\"" + ", opaque=\""
                + parameter(challenge, "opaque") + "\"" + (algorithm.isEmpty() ? "" : ", algorithm=" + algorithm);
        return HttpRequest.newBuilder(URI.create(url)).header("Authorization", header);
    }

    private static String parameter(String challenge, String name) {
        Matcher found = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(challenge);
        return found.find() ? found.group(1) : "";
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
