package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that private files never have other access rights. */
class PrivateFileTest {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @TempDir
    Path folder;

    @Test
    void neverExistsWithOtherRights() throws IOException {
        Path file = folder.resolve("signing-key");
        Set<Set<PosixFilePermission>> seen = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    seen.add(Files.getPosixFilePermissions(file));
                } catch (NoSuchFileException e) {
                    // the old file is deleted and the new one does not exist yet
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        for (int i = 0; i < 3000 || seen.isEmpty(); i++) {
            PrivateFile.write(file, "secret");
        }
        done.set(true);
        watching.join();
        assertThat(seen).containsExactly(OWNER_ONLY);
        assertThat(file).hasContent("secret");
    }

    @Test
    void replacesAFileWithOtherRightsAndFollowsNoLink() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        PrivateFile.write(file, "new");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OWNER_ONLY);
        assertThat(file).hasContent("new");

        Path target = Files.writeString(folder.resolve("target"), "kept");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        PrivateFile.write(link, "secret");
        assertThat(target).hasContent("kept");
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }
}
