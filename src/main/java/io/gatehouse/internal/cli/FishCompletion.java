package io.gatehouse.internal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes a completion script for fish, which picocli does not have. The script knows the commands by their paths, such as {@code sessions
 * list}: among the words before the cursor, it follows those that continue a path, so values of options are skipped.
 */
final class FishCompletion {
    private static final Set<String> FILE_LABELS = Set.of("FILE", "LOG");

    private final String name;
    private final List<String> paths = new ArrayList<>();
    private final List<String> completions = new ArrayList<>();

    private FishCompletion(String name) {
        this.name = name;
    }

    /** Returns the script for a command with all its subcommands. */
    static String of(CommandLine commands) {
        FishCompletion completion = new FishCompletion(commands.getCommandName());
        completion.add(commands.getCommandSpec(), "");
        return completion.script();
    }

    private void add(CommandSpec command, String path) {
        command.subcommands().forEach((word, subcommand) -> {
            String longer = path.isEmpty() ? word : path + " " + word;
            paths.add(longer);
            complete(
                    path,
                    "-a " + quoted(word)
                            + described(
                                    subcommand.getCommandSpec().usageMessage().description()));
            add(subcommand.getCommandSpec(), longer);
        });
        command.options().stream().filter(option -> !option.hidden()).forEach(option -> complete(path, option(option)));
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (isFile(parameter)) {
                complete(path, "-F");
            } else if (parameter.completionCandidates() != null) {
                complete(path, "-a " + candidates(parameter));
            }
        }
    }

    private static String option(OptionSpec option) {
        StringBuilder text = new StringBuilder();
        for (String each : option.names()) {
            text.append(each.startsWith("--") ? "-l " + quoted(each.substring(2)) : "-s " + quoted(each.substring(1)))
                    .append(' ');
        }
        if (option.arity().max() > 0) {
            text.append(isFile(option) ? "-r -F " : "-x ");
        }
        if (option.completionCandidates() != null) {
            text.append("-a ").append(candidates(option)).append(' ');
        }
        return text.toString().stripTrailing() + described(option.description());
    }

    private static String candidates(ArgSpec argument) {
        List<String> values = new ArrayList<>();
        argument.completionCandidates().forEach(value -> values.add(value.toLowerCase(Locale.ROOT)));
        return quoted(String.join(" ", values));
    }

    private static boolean isFile(ArgSpec argument) {
        return FILE_LABELS.contains(argument.paramLabel());
    }

    /** Returns the first sentence of a description as an argument, with a leading blank. */
    private static String described(String[] description) {
        String text = String.join(" ", description);
        int end = text.indexOf(". ");
        String first = (end < 0 ? text : text.substring(0, end)).replaceFirst("\\.$", "");
        return first.isEmpty() ? "" : " -d " + quoted(first);
    }

    private void complete(String path, String what) {
        completions.add("complete -c " + name + " -n " + quoted("__" + name + "_at " + quoted(path)) + " " + what);
    }

    private String script() {
        return TextFormatter.lines(
                "# fish completion of " + name + ". Use: " + name + " completion fish | source",
                "set -g __" + name + "_paths "
                        + paths.stream().map(FishCompletion::quoted).collect(Collectors.joining(" ")),
                "",
                "# Whether the words before the cursor name this command.",
                "function __" + name + "_at",
                "    set -l path",
                "    for word in (commandline -opc)[2..-1]",
                "        set -l longer (string join ' ' -- $path $word)",
                "        if contains -- \"$longer\" $__" + name + "_paths",
                "            set path $path $word",
                "        end",
                "    end",
                "    set -l typed (string join ' ' -- $path)",
                "    test \"$typed\" = \"$argv[1]\"",
                "end",
                "",
                "complete -c " + name + " -f",
                String.join(System.lineSeparator(), completions));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
