package io.gatehouse.internal.clientaddress;

import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A header in which proxies note whom they pass a request on for, each behind what it was given.
 *
 * <p>So it is read from the right, quotes included: whatever a client puts at the left, an opening quote for one, changes
 * nothing in what the proxies wrote behind it. Only the last {@value #MOST_HOPS} hops and {@value #MOST_CHARACTERS} characters
 * are looked at.
 */
enum ForwardingHeader {
    /** Addresses between commas; the custom of most proxies. */
    X_FORWARDED_FOR("X-Forwarded-For") {
        @Override
        Optional<IPAddress> hop(String element) {
            return AddressParser.node(element);
        }
    },

    /** RFC 7239; the {@code for} of each element, if it has exactly one. */
    FORWARDED("Forwarded") {
        @Override
        Optional<IPAddress> hop(String element) {
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

    /** The name of the header. */
    String text() {
        return text;
    }

    /** Whom an element names, or nothing if it hides that or makes no sense. */
    abstract Optional<IPAddress> hop(String element);

    /**
     * The elements of the header, the last one first.
     *
     * @param values every occurrence of the header, in order
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

    /** The parts of a text, the last one first, where a separator in quotes separates nothing (RFC 9110, section 5.6.4). */
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

    /** Blanks are spaces and tabs; other characters that Java takes for white space have no place in a header. */
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
