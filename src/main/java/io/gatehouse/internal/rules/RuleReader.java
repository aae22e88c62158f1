package io.gatehouse.internal.rules;

import io.gatehouse.internal.clientaddress.CidrSet;
import io.gatehouse.internal.config.SpellingSuggestions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a rule set from the entries that a {@link RuleFormat} finds. Either all entries are accepted or none: every problem is recorded
 * with its line and reading continues, so that all problems are reported together. Not thread-safe; for one text.
 */
public final class RuleReader {
    private static final int MAX_PROBLEMS = 50;
    private static final int MAX_QUOTED = 80;

    private final Map<String, RuleBuilder> builders = new LinkedHashMap<>();
    private final Map<Place, Integer> lines = new HashMap<>();
    private final List<String> allow = new ArrayList<>();
    private final List<String> deny = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** The position of a key. The key is empty for the rule itself, the rule is empty for keys of the whole set. */
    private record Place(String rule, String key) {}

    private record Problem(int line, String reason) {}

    /** The outcome of reading a text. */
    sealed interface Outcome {
        /** The text is valid. */
        record Accepted(RuleSet rules) implements Outcome {}

        /**
         * The text is invalid, and no part of it is used.
         *
         * @param problems the problems in the order of lines, each as {@code line 7: what was found; what was expected}
         */
        record Rejected(List<String> problems) implements Outcome {
            public Rejected {
                problems = List.copyOf(problems);
            }
        }
    }

    RuleReader() {}

    /** Reads rules: as JSON if the text starts with a brace, else as properties. */
    static Outcome read(String text, RuleFormat json) {
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        RuleReader reader = new RuleReader();
        (bare.stripLeading().startsWith("{") ? json : new PropertiesRuleFormat()).read(bare, reader);
        return reader.outcome();
    }

    /** Starts a rule, which may have no entries. Returns false, and records a problem, if a rule with this name exists already. */
    public boolean rule(int line, String name) {
        Integer before = lines.putIfAbsent(new Place(name, ""), line);
        if (before != null) {
            problem(line, "rule " + quoted(name) + " is already defined in line " + before);
            return false;
        }
        builders.put(name, new RuleBuilder());
        return true;
    }

    /**
     * Adds one entry.
     *
     * @param rule the name of the rule, or empty for a key of the whole set
     */
    public void entry(int line, String rule, String key, String value) {
        String name = rule.isEmpty() ? key : rule + "." + key;
        if (!rule.isEmpty() && !builders.containsKey(rule)) {
            rule(line, rule);
        }
        Integer before = lines.putIfAbsent(new Place(rule, key), line);
        if (before != null) {
            problem(line, quoted(name) + " is already set in line " + before);
        } else if (rule.isEmpty() && !key.equals("allow") && !key.equals("deny")) {
            problem(line, quoted(name) + " is unknown; expected allow, deny, or a key of a rule such as login.limit");
        } else if (!rule.isEmpty() && !RuleBuilder.KEYS.contains(key)) {
            problem(
                    line,
                    quoted(name) + " is not a key of a rule; did you mean "
                            + SpellingSuggestions.nearest(key, RuleBuilder.KEYS) + "?");
        } else {
            set(line, rule, key, value.strip());
        }
    }

    private void set(int line, String rule, String key, String value) {
        RuleBuilder builder = builders.get(rule);
        try {
            if (builder != null) {
                builder.set(key, value);
            } else {
                (key.equals("allow") ? allow : deny).addAll(networks(value));
            }
        } catch (IllegalArgumentException e) {
            problem(
                    line,
                    (builder == null ? key : rule + "." + key) + " is " + quoted(value) + "; expected "
                            + e.getMessage());
        }
    }

    private static List<String> networks(String value) {
        List<String> items = RuleBuilder.items(value);
        CidrSet unused = CidrSet.of(items); // throws if an item is invalid
        return items;
    }

    /** Records a problem in a line. */
    public void problem(int line, String reason) {
        problems.add(new Problem(line, reason));
    }

    /** Returns untrusted text as messages show it: in quotes, without control characters, shortened. */
    public static String quoted(String text) {
        String shown = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private Outcome outcome() {
        List<RateLimitRule> rules = new ArrayList<>();
        builders.forEach((name, builder) -> add(name, builder, rules));
        if (builders.isEmpty() && problems.isEmpty()) {
            problem(1, "found no rule; to use none, set GATEHOUSE_RATE_LIMITS to none");
        }
        if (problems.isEmpty()) {
            try {
                return new Outcome.Accepted(new RuleSet(rules, allow, deny));
            } catch (IllegalArgumentException e) {
                problem(1, "expected " + e.getMessage());
            }
        }
        return new Outcome.Rejected(messages());
    }

    private void add(String name, RuleBuilder builder, List<RateLimitRule> rules) {
        int line = lines.getOrDefault(new Place(name, ""), 1);
        for (String needed : List.of("level", "limit")) {
            if (!lines.containsKey(new Place(name, needed))) {
                problem(line, "rule " + quoted(name) + " has no " + needed);
            }
        }
        try {
            RateLimitRule rule = builder.rule(name);
            if (rule != null) {
                rules.add(rule);
            }
        } catch (IllegalArgumentException e) {
            problem(line, "rule " + quoted(name) + ": expected " + e.getMessage());
        }
    }

    private List<String> messages() {
        List<String> messages = new ArrayList<>(problems.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .limit(MAX_PROBLEMS)
                .map(problem -> "line " + problem.line() + ": " + problem.reason())
                .toList());
        if (problems.size() > MAX_PROBLEMS) {
            messages.add("and " + (problems.size() - MAX_PROBLEMS) + " more");
        }
        return messages;
    }
}
