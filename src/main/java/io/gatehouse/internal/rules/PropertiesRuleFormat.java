package io.gatehouse.internal.rules;

/**
 * The format of rules as properties, such as {@code login.limit = 5/min}. As in Java's properties files, blank lines and lines that start
 * with {@code #} or {@code !} are ignored, and a line that ends in {@code \} continues on the next. Unlike there, the order of entries
 * counts, a name must not be repeated, and problems are reported with their line.
 */
final class PropertiesRuleFormat implements RuleFormat {

    @Override
    public void read(String text, RuleReader into) {
        StringBuilder whole = new StringBuilder();
        int line = 0;
        int first = 1;
        for (String part : text.lines().toList()) {
            line++;
            if (whole.isEmpty()) {
                first = line;
            }
            String bare = part.strip();
            if (whole.isEmpty() && (bare.startsWith("#") || bare.startsWith("!"))) {
                continue;
            }
            if (bare.endsWith("\\")) {
                whole.append(bare, 0, bare.length() - 1);
            } else {
                entry(first, whole.append(bare).toString().strip(), into);
                whole.setLength(0);
            }
        }
        entry(first, whole.toString().strip(), into);
    }

    private static void entry(int line, String text, RuleReader into) {
        if (text.isEmpty()) {
            return;
        }
        int equals = text.indexOf('=');
        if (equals < 0) {
            into.problem(
                    line,
                    RuleReader.quoted(text) + " has no '='; expected a name and a value such as login.limit = 5/min");
            return;
        }
        String name = text.substring(0, equals).strip();
        int dot = name.lastIndexOf('.');
        into.entry(line, dot < 0 ? "" : name.substring(0, dot), name.substring(dot + 1), text.substring(equals + 1));
    }
}
