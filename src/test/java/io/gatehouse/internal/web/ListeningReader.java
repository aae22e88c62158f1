package io.gatehouse.internal.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A handler that reads the body with a read listener and prints it. */
final class ListeningReader {
    private ListeningReader() {}

    static void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var async = request.startAsync();
        ServletInputStream stream = request.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        stream.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() throws IOException {
                while (stream.isReady() && !stream.isFinished()) {
                    int next = stream.read();
                    if (next >= 0) {
                        read.write(next);
                    }
                }
            }

            @Override
            public void onAllDataRead() throws IOException {
                response.getWriter().print(read.toString(StandardCharsets.UTF_8));
                async.complete();
            }

            @Override
            public void onError(Throwable thrown) {
                async.complete();
            }
        });
    }
}
