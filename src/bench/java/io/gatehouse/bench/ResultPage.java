package io.gatehouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The results of a run, and the page that shows them. On the page each part has a block between {@code <!-- results: NAME -->} and
 * {@code <!-- end -->}; only the blocks of measured parts are replaced, so that parts can be measured one by one.
 */
final class ResultPage {
    private static final String END = "<!-- end -->";

    private final Path folder;
    private final Map<String, String> blocks = new LinkedHashMap<>();

    /** @param folder the folder of the results, with the charts in its folder {@code benchmarks} */
    ResultPage(Path folder) {
        this.folder = folder;
    }

    void put(String part, String text) {
        blocks.put(part, text);
    }

    /** Returns all results, the goals first. */
    String text() {
        StringBuilder text = new StringBuilder(blocks.getOrDefault("goals", ""));
        blocks.forEach((part, block) -> {
            if (!part.equals("goals")) {
                text.append("\n## ").append(part).append("\n\n").append(block);
            }
        });
        return text.toString();
    }

    /** Replaces the blocks of the measured parts in a page, and copies the charts beside it. */
    void update(Path page) throws IOException {
        String text = Files.readString(page);
        for (Map.Entry<String, String> block : blocks.entrySet()) {
            String start = "<!-- results: " + block.getKey() + " -->\n";
            int from = text.indexOf(start);
            int to = from < 0 ? -1 : text.indexOf(END, from);
            if (to < 0) {
                throw new IOException(page + " has no block " + start.strip() + " ... " + END);
            }
            text = text.substring(0, from + start.length()) + "\n"
                    + block.getValue().strip() + "\n\n" + text.substring(to);
        }
        Files.writeString(page, text);
        Path charts = folder.resolve("benchmarks");
        if (Files.isDirectory(charts)) {
            Path copies = Files.createDirectories(page.resolveSibling("benchmarks"));
            List<Path> all;
            try (Stream<Path> files = Files.list(charts)) {
                all = files.toList();
            }
            for (Path chart : all) {
                Files.copy(
                        chart,
                        copies.resolve(String.valueOf(chart.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
