package io.gatehouse.internal.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The output stream of a response that saves the session before the container sends the first byte. */
final class CommitStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final SessionResponse response;

    CommitStream(ServletOutputStream out, SessionResponse response) {
        this.out = out;
        this.response = response;
    }

    @Override
    public void write(int octet) throws IOException {
        if (response.beforeWrite(1)) {
            out.write(octet);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (response.beforeWrite(length)) {
            out.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        if (response.saveSession()) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (response.saveSession()) {
            out.close();
        }
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        response.saveSession(); // from now on nothing may block
        out.setWriteListener(listener);
    }
}
