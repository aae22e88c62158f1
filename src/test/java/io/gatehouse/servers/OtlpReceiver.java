package io.gatehouse.servers;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/**
 * A collector of OpenTelemetry that keeps spans and the names of metrics in memory. It reads what it needs of the Protobuf messages
 * {@code ExportTraceServiceRequest} and {@code ExportMetricsServiceRequest} (opentelemetry-proto 1.5), sent over HTTP.
 */
public final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<String> metrics = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    /** A span as the server has exported it; ids are hexadecimal, and that of a missing parent is empty. */
    public record ReceivedSpan(String scope, String trace, String id, String parent, String name) {}

    public OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                read(exchange.getRequestURI().getPath(), uncompressed(exchange.getRequestHeaders(), body));
            } catch (IOException | RuntimeException e) {
                problems.add(exchange.getRequestURI() + " " + body.length + " bytes: " + e);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private static byte[] uncompressed(Headers headers, byte[] body) throws IOException {
        if (!"gzip".equals(headers.getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return plain.readAllBytes();
        }
    }

    private void read(String path, byte[] body) {
        switch (path) {
            case "/v1/traces" -> readSpans(body);
            case "/v1/metrics" -> readMetrics(body);
            case "/v1/logs" -> {}
            default -> problems.add("unexpected path " + path);
        }
    }

    /** Returns what was received and could not be read. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** Returns the names of all metrics that were exported. */
    public List<String> metrics() {
        return List.copyOf(metrics);
    }

    /** Returns the parent of a span, if it was exported by now. */
    public Optional<ReceivedSpan> parentOf(ReceivedSpan span) {
        return spans.stream()
                .filter(other ->
                        other.id().equals(span.parent()) && other.trace().equals(span.trace()))
                .findFirst();
    }

    private void readSpans(byte[] request) {
        inScopes(request, (scope, fields) -> {
            for (Field span : fields) {
                List<Field> parts = Field.all(span.bytes());
                spans.add(new ReceivedSpan(
                        scope, Field.hex(parts, 1), Field.hex(parts, 2), Field.hex(parts, 4), Field.text(parts, 5)));
            }
        });
    }

    private void readMetrics(byte[] request) {
        inScopes(
                request,
                (scope, fields) -> fields.forEach(metric -> metrics.add(Field.text(Field.all(metric.bytes()), 1))));
    }

    /** Calls the consumer with the name and the content of each scope. */
    private static void inScopes(byte[] request, BiConsumer<String, List<Field>> consumer) {
        for (Field resource : Field.with(Field.all(request), 1)) {
            for (Field scoped : Field.with(Field.all(resource.bytes()), 2)) {
                List<Field> fields = Field.all(scoped.bytes());
                String scope = Field.with(fields, 1).stream()
                        .map(field -> Field.text(Field.all(field.bytes()), 1))
                        .findFirst()
                        .orElse("");
                consumer.accept(scope, Field.with(fields, 2));
            }
        }
    }

    /** A field of a Protobuf message; only those with a length have bytes. */
    private record Field(int number, byte[] bytes) {
        static List<Field> all(byte[] message) {
            List<Field> fields = new ArrayList<>();
            int[] at = {0};
            while (at[0] < message.length) {
                long tag = varint(message, at);
                int length = switch ((int) (tag & 7)) {
                    case 0 -> {
                        long unused = varint(message, at);
                        yield 0;
                    }
                    case 1 -> 8;
                    case 2 -> (int) varint(message, at);
                    case 5 -> 4;
                    default -> throw new IllegalArgumentException("not Protobuf: wire type " + (tag & 7));
                };
                byte[] bytes = new byte[length];
                System.arraycopy(message, at[0], bytes, 0, length);
                at[0] += length;
                fields.add(new Field((int) (tag >>> 3), bytes));
            }
            return fields;
        }

        private static long varint(byte[] message, int[] at) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = message[at[0]++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        static List<Field> with(List<Field> fields, int number) {
            return fields.stream().filter(field -> field.number == number).toList();
        }

        static String text(List<Field> fields, int number) {
            return with(fields, number).stream()
                    .map(field -> new String(field.bytes, StandardCharsets.UTF_8))
                    .findFirst()
                    .orElse("");
        }

        static String hex(List<Field> fields, int number) {
            return with(fields, number).stream()
                    .map(field -> HexFormat.of().formatHex(field.bytes))
                    .findFirst()
                    .orElse("");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
