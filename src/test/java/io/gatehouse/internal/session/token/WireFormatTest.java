package io.gatehouse.internal.session.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.serialization.ClassPolicy;
import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.StoredSession;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Golden files: tokens and records that version 1 has written. They must remain readable and are never edited; a new version gets its own
 * files.
 */
class WireFormatTest {
    private static final String KEY = "golden:9WtmWMeyCJcHP1-XlOfN5rNnXpvOeV5xV4WrFLgPYQk";
    private static final KeyRing RING = Keys.ring(KEY);
    private static final Path FOLDER = Path.of("src/test/resources/wire/v1");
    private static final String ID = "AAECAwQFBgcICQoLDA0ODxAR";

    @Test
    void aTokenOfVersion1IsRead() throws IOException {
        String text = Files.readString(FOLDER.resolve("token.txt")).strip();
        TokenCodec tokenCodec = new TokenCodec(RING, "app", () -> Instant.EPOCH);
        assertThat(tokenCodec.read(text))
                .isEqualTo(new TokenCodec.Genuine(new SessionToken("golden", id(), 2, 1_800_000_000, null)));
        assertThat(tokenCodec.write(new SessionToken("golden", id(), 2, 1_800_000_000, null)))
                .isEqualTo(text);
    }

    @Test
    void aTokenOfVersion2IsRead() throws IOException {
        String text = Files.readString(Path.of("src/test/resources/wire/v2/token.txt"))
                .strip();
        TokenCodec tokenCodec = new TokenCodec(RING, "app", () -> Instant.EPOCH);
        KeyNames space = new KeyNames(RING, "gatehouse", "app");
        SessionToken token = new SessionToken("golden", id(), 2, 1_800_000_000, space.userTag("golden", "alice"));
        assertThat(tokenCodec.read(text)).isEqualTo(new TokenCodec.Genuine(token));
        assertThat(tokenCodec.write(token)).isEqualTo(text);
    }

    @Test
    void keysOfVersion1AreFound() throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("keys.txt"));
        KeyNames space = new KeyNames(RING, "gatehouse", "app");
        SessionKeys sessionKeys = space.locate("golden", id());
        assertThat(lines)
                .containsExactly(
                        "handle " + sessionKeys.handle(),
                        "record " + text(sessionKeys.recordKey()),
                        "index " + text(sessionKeys.indexKey()),
                        "user " + text(space.userKey("golden", "alice")));
    }

    @Test
    void aRecordOfVersion1IsRead() throws IOException {
        readsAlice("record.txt", false);
        readsAlice("record-encrypted.txt", true);
    }

    private void readsAlice(String file, boolean encrypted) throws IOException {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            String[] parts = line.split(" ", 2);
            fields.put(parts[0], HexFormat.of().parseHex(parts[1]));
        }
        RecordCodec format =
                new RecordCodec(RING, "app".getBytes(StandardCharsets.UTF_8), encrypted, new RecordSize(32 << 20));
        SessionKeys sessionKeys = new KeyNames(RING, "gatehouse", "app").locate("golden", id());
        assertThat(format.read(sessionKeys, fields)).isInstanceOf(RecordCodec.Valid.class);
        StoredSession session = ((RecordCodec.Valid) format.read(sessionKeys, fields)).session();
        assertThat(session.metadata())
                .isEqualTo(new SessionMetadata(
                        3, 1000, 2000, 1_800_000_000_000L, 1800, 2, 0, "alice", Map.of("device", "x")));
        ValueCodec codec = new ValueCodec(null, Set.of(), ClassPolicy.anyButGadgets(), ValueLimits.DEFAULT);
        Map<String, Object> values = new LinkedHashMap<>();
        session.values()
                .forEach((name, value) -> values.put(
                        name,
                        ((ValueCodec.Value)
                                        codec.decode(value.bytes(), getClass().getClassLoader()))
                                .value()));
        assertThat(values)
                .isEqualTo(Map.of(
                        "n",
                        42,
                        "list",
                        new ArrayList<>(List.of("a", 1L, true)),
                        "text",
                        "x".repeat(300),
                        "locale",
                        java.util.Locale.GERMANY));
    }

    private static SessionId id() {
        SessionId id = SessionId.parse(ID);
        if (id == null) {
            throw new AssertionError("not an id");
        }
        return id;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Generates the files; run manually once for each version. */
    public static void main(String[] arguments) throws IOException, NotStorableException {
        Files.createDirectories(FOLDER);
        TokenCodec tokenCodec = new TokenCodec(RING, "app", () -> Instant.EPOCH);
        Files.writeString(
                FOLDER.resolve("token.txt"),
                tokenCodec.write(new SessionToken("golden", id(), 2, 1_800_000_000, null)) + "\n");
        KeyNames space = new KeyNames(RING, "gatehouse", "app");
        Path second = Files.createDirectories(FOLDER.resolveSibling("v2"));
        Files.writeString(
                second.resolve("token.txt"),
                tokenCodec.write(new SessionToken("golden", id(), 2, 1_800_000_000, space.userTag("golden", "alice")))
                        + "\n");
        SessionKeys sessionKeys = space.locate("golden", id());
        Files.writeString(
                FOLDER.resolve("keys.txt"),
                "handle " + sessionKeys.handle() + "\nrecord " + text(sessionKeys.recordKey()) + "\nindex "
                        + text(sessionKeys.indexKey()) + "\nuser " + text(space.userKey("golden", "alice")) + "\n");
        ValueCodec codec = new ValueCodec(null, Set.of(), ClassPolicy.anyButGadgets(), ValueLimits.DEFAULT);
        Map<String, StoredValue> values = new LinkedHashMap<>();
        values.put("n", StoredValue.inline(codec.encode(42)));
        values.put("list", StoredValue.inline(codec.encode(new ArrayList<>(List.of("a", 1L, true)))));
        values.put("text", StoredValue.separate(codec.encode("x".repeat(300)), 0));
        values.put("locale", StoredValue.inline(codec.encode(java.util.Locale.GERMANY)));
        SessionMetadata sessionMetadata =
                new SessionMetadata(3, 1000, 2000, 1_800_000_000_000L, 1800, 2, 0, "alice", Map.of("device", "x"));
        for (boolean encrypt : new boolean[] {false, true}) {
            StringBuilder lines = new StringBuilder();
            new RecordCodec(RING, "app".getBytes(StandardCharsets.UTF_8), encrypt, new RecordSize(32 << 20))
                    .write(sessionKeys, sessionMetadata, values, false)
                    .fields()
                    .forEach((name, bytes) -> lines.append(name)
                            .append(' ')
                            .append(HexFormat.of().formatHex(bytes))
                            .append('\n'));
            Files.writeString(FOLDER.resolve(encrypt ? "record-encrypted.txt" : "record.txt"), lines);
        }
    }
}
