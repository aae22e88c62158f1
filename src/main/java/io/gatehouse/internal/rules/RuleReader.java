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
 * Makes a rule set of what a {@link RuleFormat} finds written, all of it or nothing: whatever is wrong is noted with its
 * line, and reading goes on, so that everything is told at once. For one thread and one text.
 */
public final class RuleReader {
    private static final int MOST_TOLD = 50;
    private static final int LONGEST_TOLD = 80;

    private final Map<String, RuleBuilder> drafts = new LinkedHashMap<>();
    private final Map<Place, Integer> lines = new HashMap<>();
    private final List<String> allow = new ArrayList<>();
    private final List<String> deny = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Where a key stands; a rule itself has no key, and the whole set no rule. */
    private record Place(String rule, String key) {}

    private record Problem(int line, String reason) {}

    /** What came of reading. */
    sealed interface Outcome {
        /** The whole is right. */
        record Accepted(RuleSet rules) implements Outcome {}

        /**
         * Something is wrong, so nothing counts.
         *
         * @param problems each as {@code line 7: what was found; what was expected}, in the order of lines
         */
        record Rejected(List<String> problems) implements Outcome {
            public Rejected {
                problems = List.copyOf(problems);
            }
        }
    }

    RuleReader() {}

    /** Reads rules in JSON if they begin with a brace, else as properties. */
    static Outcome read(String text, RuleFormat json) {
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        RuleReader reader = new RuleReader();
        (bare.stripLeading().startsWith("{") ? json : new PropertiesRuleFormat()).read(bare, reader);
        return reader.outcome();
    }

    /** Begins a rule, which may have no entries; tells whether it is a new one. */
    public boolean rule(int line, String name) {
        Integer before = lines.putIfAbsent(new Place(name, ""), line);
        if (before != null) {
            problem(line, "rule " + quoted(name) + " stands in line " + before + " already");
            return false;
        }
        drafts.put(name, new RuleBuilder());
        return true;
    }

    /**
     * Takes one entry.
     *
     * @param rule the name of the rule, or empty for what belongs to the whole set
     */
    public void entry(int line, String rule, String key, String value) {
        String name = rule.isEmpty() ? key : rule + "." + key;
        if (!rule.isEmpty() && !drafts.containsKey(rule)) {
            rule(line, rule);
        }
        Integer before = lines.putIfAbsent(new Place(rule, key), line);
        if (before != null) {
            problem(line, quoted(name) + " stands in line " + before + " already");
        } else if (rule.isEmpty() && !key.equals("allow") && !key.equals("deny")) {
            problem(line, quoted(name) + " is neither allow nor deny nor a key of a rule such as login.limit");
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
        RuleBuilder draft = drafts.get(rule);
        try {
            if (draft != null) {
                draft.set(key, value);
            } else {
                (key.equals("allow") ? allow : deny).addAll(networks(value));
            }
        } catch (IllegalArgumentException e) {
            problem(
                    line,
                    (draft == null ? key : rule + "." + key) + " is " + quoted(value) + "; expected " + e.getMessage());
        }
    }

    private static List<String> networks(String value) {
        List<String> items = RuleBuilder.items(value);
        CidrSet unused = CidrSet.of(items); // throws if one is none
        return items;
    }

    /** Notes what is wrong in a line. */
    public void problem(int line, String reason) {
        problems.add(new Problem(line, reason));
    }

    /** A text of somebody else's as messages show it: in quotes, in one line, not too long. */
    public static String quoted(String text) {
        String shown = text.length() > LONGEST_TOLD ? text.substring(0, LONGEST_TOLD) + "..." : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private Outcome outcome() {
        List<RateLimitRule> rules = new ArrayList<>();
        drafts.forEach((name, draft) -> add(name, draft, rules));
        if (drafts.isEmpty() && problems.isEmpty()) {
            problem(1, "there is no rule; to have none set GATEHOUSE_RATE_LIMITS to none");
        }
        if (problems.isEmpty()) {
            try {
                return new Outcome.Accepted(new RuleSet(rules, allow, deny));
            } catch (IllegalArgumentException e) {
                problem(1, "expected " + e.getMessage());
            }
        }
        return new Outcome.Rejected(told());
    }

    private void add(String name, RuleBuilder draft, List<RateLimitRule> rules) {
        int line = lines.getOrDefault(new Place(name, ""), 1);
        for (String needed : List.of("level", "limit")) {
            if (!lines.containsKey(new Place(name, needed))) {
                problem(line, "rule " + quoted(name) + " has no " + needed);
            }
        }
        try {
            RateLimitRule rule = draft.rule(name);
            if (rule != null) {
                rules.add(rule);
            }
        } catch (IllegalArgumentException e) {
            problem(line, "rule " + quoted(name) + ": expected " + e.getMessage());
        }
    }

    private List<String> told() {
        List<String> told = new ArrayList<>(problems.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .limit(MOST_TOLD)
                .map(problem -> "line " + problem.line() + ": " + problem.reason())
                .toList());
        if (problems.size() > MOST_TOLD) {
            told.add("and " + (problems.size() - MOST_TOLD) + " more");
        }
        return told;
    }
}
