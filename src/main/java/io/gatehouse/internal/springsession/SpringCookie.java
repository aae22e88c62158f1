package io.gatehouse.internal.springsession;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the cookie of Spring Session: a UUID in Base64, or a UUID if the application does not use Base64. */
final class SpringCookie {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int UUID_LENGTH = 36;
    private static final int BASE64_LENGTH = 48;

    private SpringCookie() {}

    /** Returns the UUID, or null for any other text: it becomes a part of a key. */
    static @Nullable String uuid(String value) {
        String text = value;
        if (value.length() == BASE64_LENGTH) {
            try {
                text = new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return text.length() == UUID_LENGTH && UUID.matcher(text).matches() ? text : null;
    }
}
