package io.gatehouse.internal.clientaddress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A header in which each proxy appends the address that it forwards a request for.
 *
 * <p>The header is parsed from the right, quotes included, so that nothing that a client puts at the left, such as an opening quote,
 * changes the meaning of what the proxies appended. Only the last {@value #MOST_HOPS} hops and {@value #MOST_CHARACTERS} characters are
 * read.
 */
enum ForwardingHeader {
    /** Addresses separated by commas; the de-facto standard. */
    X_FORWARDED_FOR("X-Forwarded-For") {
        @Override
        Optional<IpAddress> hop(String element) {
            return AddressParser.node(element);
        }
    },

    /** The header of RFC 7239; read is the {@code for} parameter of each element that has exactly one. */
    FORWARDED("Forwarded") {
        @Override
        Optional<IpAddress> hop(String element) {
            List<String> nodes = splitFromRight(element, ';').stream()
                    .filter(pair -> pair.regionMatches(true, 0, FOR, 0, FOR.length()))
                    .map(pair -> pair.substring(FOR.length()))
                    .toList();
            return nodes.size() == 1 ? AddressParser.node(nodes.get(0)) : Optional.empty();
        }
    };

    private static final String FOR = "for=";
    private static final int MOST_HOPS = 20;
    private static final int MOST_CHARACTERS = 4096;

    private final String text;

    ForwardingHeader(String text) {
        this.text = text;
    }

    /** Returns the name of the header. */
    String text() {
        return text;
    }

    /** Returns the address that an element names; empty if it is obfuscated or invalid. */
    abstract Optional<IpAddress> hop(String element);

    /**
     * Returns the elements of the header, the last one first.
     *
     * @param values all occurrences of the header, in order
     */
    static List<String> fromRight(List<String> values) {
        List<String> elements = new ArrayList<>();
        int left = MOST_CHARACTERS;
        for (int i = values.size() - 1; i >= 0 && left > 0 && elements.size() < MOST_HOPS; i--) {
            String value = values.get(i);
            List<String> found = splitFromRight(value.substring(Math.max(0, value.length() - left)), ',');
            boolean cut = value.length() > left;
            elements.addAll(cut ? found.subList(0, found.size() - 1) : found);
            left -= value.length();
        }
        return elements.subList(0, Math.min(elements.size(), MOST_HOPS));
    }

    /** Splits a text at its separators outside of quoted strings (RFC 9110, section 5.6.4); the last part comes first. */
    private static List<String> splitFromRight(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int end = text.length();
        for (int i = end - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == '"' && !isEscaped(text, i)) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(withoutBlanks(text, i + 1, end));
                end = i;
            }
        }
        parts.add(withoutBlanks(text, 0, end));
        return parts;
    }

    private static boolean isEscaped(String text, int index) {
        int start = index;
        while (start > 0 && text.charAt(start - 1) == '\\') {
            start--;
        }
        return (index - start) % 2 == 1;
    }

    /** Strips spaces and tabs, the only white space that RFC 9110 allows around elements. */
    private static String withoutBlanks(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
