package io.gatehouse.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks server distributions. */
final class Archives {
    private Archives() {}

    /** Returns the name of an archive without its extension. */
    static String nameOf(Path archive) {
        return archive.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    }

    /** Unpacks a ZIP file without its single top folder. An interrupted call leaves no partly unpacked folder at the target. */
    static void unpack(Path zip, Path into) throws IOException {
        Path partial = into.resolveSibling(into.getFileName() + ".partial");
        clear(partial);
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                int slash = entry.getName().indexOf('/');
                Path target =
                        partial.resolve(entry.getName().substring(slash + 1)).normalize();
                if (!target.startsWith(partial)) {
                    throw new IOException(
                            "the archive " + zip + " has the entry " + entry.getName() + " outside its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    write(in, target);
                }
            }
        }
        clear(into);
        Files.move(partial, into);
    }

    private static void write(InputStream in, Path target) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes a folder with its content, if it exists. */
    static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
