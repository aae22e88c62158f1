package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The banned words, and the lines that may contain them. */
record WordList(List<Ban> bans, List<Allowed> exceptions) {
    record Ban(Pattern word, String reason) {}

    record Allowed(Pattern file, Pattern line) {}

    /** Reads a list in the format that {@code banned-words.txt} describes. */
    static WordList read(Path list) throws IOException {
        List<Ban> bans = new ArrayList<>();
        List<Allowed> exceptions = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" +;; +", -1);
            assertThat(parts).as(line).hasSize(3);
            switch (parts[0]) {
                case "ban" -> bans.add(new Ban(Pattern.compile(parts[1], Pattern.CASE_INSENSITIVE), parts[2].strip()));
                case "allow" -> {
                    String[] where = parts[1].split(" :: ", -1);
                    exceptions.add(new Allowed(Pattern.compile(where[0]), Pattern.compile(where[1])));
                }
                default -> throw new AssertionError("expected 'ban' or 'allow': " + line);
            }
        }
        return new WordList(bans, exceptions);
    }

    /** Returns each banned word in the lines as {@code file:number: 'word': reason}. */
    List<String> findings(String file, List<Prose.Line> lines) {
        List<Allowed> applicable = exceptions.stream()
                .filter(exception -> exception.file().matcher(file).matches())
                .toList();
        List<String> found = new ArrayList<>();
        for (Prose.Line line : lines) {
            if (applicable.stream()
                    .anyMatch(
                            exception -> exception.line().matcher(line.source()).find())) {
                continue;
            }
            for (Ban ban : bans) {
                Matcher matcher = ban.word().matcher(line.text());
                if (matcher.find()) {
                    found.add(file + ":" + line.number() + ": '" + matcher.group() + "': " + ban.reason());
                }
            }
        }
        return found;
    }
}
