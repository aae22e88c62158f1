package io.gatehouse.versions;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests sessions on a Jetty 12.1 that uses them itself: what the application sees is the same. */
class JettyContainerIT extends JettyContract {
    @TempDir
    static Path folder = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        start(folder, "container");
    }

    @Override
    protected boolean serverUsesOurSessions() {
        return true;
    }
}
