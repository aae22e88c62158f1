package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.tools.ToolProvider;

/**
 * Makes an executable JAR of Spring Boot in the layout of its Maven plugin: the loader, the classes of the application, and its libraries
 * as uncompressed files. The application is compiled from {@code src/spring-boot} and the Java code of the how-to
 * page, which so is proven to be right.
 */
final class BootJar {
    private static final Path APPLICATION = Path.of("src", "spring-boot");
    private static final Path PAGE = Path.of("src", "docs", "how-to", "use-with-spring-boot.md");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final Pattern CLASS = Pattern.compile("\\bclass (\\w+)");

    private final Path folder;
    private final List<Path> libraries;

    /**
     * Plans a JAR.
     *
     * @param folder an empty folder
     * @param libraries the JARs of the application, Gatehouse's among them
     */
    BootJar(Path folder, List<Path> libraries) {
        this.folder = folder;
        this.libraries = List.copyOf(libraries);
    }

    /**
     * Compiles and packages the application.
     *
     * @param classes a folder with further classes of the application
     * @param loader the JAR with the classes that start an executable JAR
     */
    Path build(Path classes, Path loader) throws IOException {
        compile(classes);
        Path jar = folder.resolve("shop.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest())) {
            unpack(loader, out);
            Files.copy(
                    APPLICATION.resolve("resources/application.properties"), classes.resolve("application.properties"));
            for (Path file : below(classes)) {
                String name = "BOOT-INF/classes/"
                        + classes.relativize(file).toString().replace('\\', '/');
                if (Files.isDirectory(file)) { // Spring finds classes by the entries of their folders
                    out.putNextEntry(new JarEntry(name.endsWith("/") ? name : name + "/"));
                } else {
                    add(out, name, file);
                }
            }
            for (Path library : libraries) {
                add(out, "BOOT-INF/lib/" + library.getFileName(), library);
            }
        }
        return jar;
    }

    private void compile(Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-parameters", "--release", "17", "-d"));
        arguments.add(classes.toString());
        arguments.add("-cp");
        arguments.add(Stream.concat(Stream.of(classes), libraries.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        below(APPLICATION.resolve("java")).stream()
                .map(Path::toString)
                .filter(file -> file.endsWith(".java"))
                .forEach(arguments::add);
        for (String code : codeOfThePage()) {
            MatchResult name = CLASS.matcher(code).results().findFirst().orElseThrow();
            arguments.add(Files.writeString(folder.resolve(name.group(1) + ".java"), code)
                    .toString());
        }
        ByteArrayOutputStream problems = new ByteArrayOutputStream();
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, problems, problems, arguments.toArray(String[]::new)))
                .as(problems.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    private static List<String> codeOfThePage() throws IOException {
        return JAVA.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
        attributes.putValue("Start-Class", "shop.ShopApplication");
        attributes.putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
        attributes.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        return manifest;
    }

    private static void unpack(Path loader, JarOutputStream out) throws IOException {
        try (JarFile jar = new JarFile(loader.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(jar.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private static void add(JarOutputStream out, String name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        JarEntry entry = new JarEntry(name);
        entry.setMethod(JarEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
    }
}
