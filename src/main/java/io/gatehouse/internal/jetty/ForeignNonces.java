package io.gatehouse.internal.jetty;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.authentication.DigestAuthenticator;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The nonces of DIGEST authentication that another node has issued. Each Jetty signs its nonces with a random key, and takes those of others
 * for wrong ones, so a client would ask its user for the password again. A challenge that answers such a nonce says that it is stale
 * (RFC 7616, section 3.3): the client repeats its request by itself. Jetty has not verified a password by then.
 */
final class ForeignNonces {
    private static final Pattern NONCE = Pattern.compile("(?i)^\\s*digest\\b.*[\\s,]nonce\\s*=\\s*\"([^\"]+)\"");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNED = 2 * Long.BYTES;
    private static final String WRONG = "stale=false";
    private static final String STALE = "stale=true";

    private ForeignNonces() {}

    /** Marks the challenge in the headers of a response as stale, if the nonce in the request is of another node. */
    static void mark(Request request, HttpFields.Mutable headers) {
        String challenge = headers.get(HttpHeader.WWW_AUTHENTICATE);
        String credentials = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (challenge != null && credentials != null && challenge.contains(WRONG) && isForeign(credentials)) {
            headers.put(HttpHeader.WWW_AUTHENTICATE, challenge.replace(WRONG, STALE));
        }
    }

    private static boolean isForeign(String credentials) {
        SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
        Matcher nonce = NONCE.matcher(credentials);
        if (security == null
                || !(security.getAuthenticator() instanceof DigestAuthenticator authenticator)
                || !nonce.find()) {
            return false;
        }
        Key key = key(authenticator);
        try {
            return key != null && !isSigned(Base64.getDecoder().decode(nonce.group(1)), key);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false; // no nonce of any node
        }
    }

    private static boolean isSigned(byte[] nonce, Key key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        if (nonce.length != SIGNED + mac.getMacLength()) {
            throw new IllegalArgumentException("not a nonce of Jetty");
        }
        mac.update(nonce, 0, SIGNED);
        byte[] signature = new byte[mac.getMacLength()];
        ByteBuffer.wrap(nonce, SIGNED, signature.length).get(signature);
        return MessageDigest.isEqual(mac.doFinal(), signature);
    }

    private static @Nullable Key key(DigestAuthenticator authenticator) {
        try {
            Field field = DigestAuthenticator.class.getDeclaredField("_secretKey");
            field.setAccessible(true);
            return (Key) field.get(authenticator);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
