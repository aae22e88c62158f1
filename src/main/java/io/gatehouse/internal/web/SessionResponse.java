package io.gatehouse.internal.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The response as the application sees it. Saves the session and writes its cookie before the first byte or the status line is sent,
 * whether by a flush, a full buffer, a redirect, an error, or the end of the response. If the session cannot be saved, the
 * response becomes a 503, and later output of the application is dropped.
 *
 * <p>{@link #run} saves the session. It is exposed as {@code Runnable} so that a Gatehouse loaded by another application's class loader
 * can call it after a forward ({@link #commitAll}).
 */
final class SessionResponse extends HttpServletResponseWrapper implements Runnable {
    /** {@code sendRedirect(String, int, boolean)} of Servlet 6.1, or null; this class is compiled against 6.0. */
    private static final @Nullable MethodHandle REDIRECT = redirect();

    private final RequestContext requestContext;
    /** The response that takes cookies. */
    private final HttpServletResponse answer;

    private boolean saved;
    private boolean dropping;
    private long written;
    private long contentLength = -1;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, HttpServletResponse answer, RequestContext requestContext) {
        super(response);
        this.answer = answer;
        this.requestContext = requestContext;
    }

    @Override
    public void run() {
        boolean unused = saveSession();
    }

    /** Saves the sessions of all applications whose response is among the wrappers of a response. */
    static void commitAll(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            if (inner instanceof Runnable save && inner.getClass().getName().equals(SessionResponse.class.getName())) {
                save.run();
            }
            inner = wrapper.getResponse();
        }
    }

    /** Saves the session if that has not been done yet, and returns whether output may continue. */
    boolean saveSession() {
        if (!saved) {
            saved = true;
            dropping |= !requestContext.commit(answer);
        }
        return !dropping;
    }

    /** Returns whether a cookie can still reach the client. */
    boolean takesCookies() {
        return ResponseCookies.canBeAddedTo(answer);
    }

    /** Has the session saved again before the response is committed. */
    void sessionHasChanged() {
        saved = saved && answer.isCommitted();
    }

    /** Called before bytes are written; returns whether they may be. */
    boolean beforeWrite(long bytes) {
        written += bytes;
        if (!saved && (written >= getBufferSize() || (contentLength >= 0 && written >= contentLength))) {
            return saveSession();
        }
        return !dropping;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream known = stream;
        if (known == null) {
            known = new CommitStream(super.getOutputStream(), this);
            stream = known;
        }
        return known;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter known = writer;
        if (known == null) {
            known = new PrintWriter(new CommitWriter(super.getWriter(), this, getCharacterEncoding()));
            writer = known;
        }
        return known;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (saveSession()) {
            super.flushBuffer();
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (saveSession()) {
            requestContext.awaitDispatch();
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (saveSession()) {
            requestContext.awaitDispatch();
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (saveSession()) {
            super.sendRedirect(location);
        }
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, int status) throws IOException {
        sendRedirect(location, status, true);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        sendRedirect(location, SC_FOUND, clearBuffer);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (REDIRECT == null) {
            throw new IllegalStateException(
                    "the container does not support sendRedirect(String, int, boolean) of Servlet 6.1");
        }
        if (saveSession()) {
            try {
                REDIRECT.invoke((HttpServletResponse) getResponse(), location, status, clearBuffer);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }
    }

    /** Returns the URL unchanged: session ids are in cookies only. */
    @Override
    public String encodeURL(String url) {
        return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
        return url;
    }

    @Override
    public void reset() {
        if (!dropping) {
            super.reset();
            saved = false;
            written = 0;
            contentLength = -1;
            requestContext.onReset();
            stream = null;
            writer = null;
        }
    }

    @Override
    public void resetBuffer() {
        if (!dropping) {
            super.resetBuffer();
            written = 0;
        }
    }

    @Override
    public void setContentLength(int length) {
        contentLength = length;
        super.setContentLength(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        contentLength = length;
        super.setContentLengthLong(length);
    }

    @Override
    public void setHeader(String name, String value) {
        noteLength(name, value);
        super.setHeader(name, value);
        requestContext.cookies().onHeaderSet(name, answer);
    }

    @Override
    public void addHeader(String name, String value) {
        noteLength(name, value);
        super.addHeader(name, value);
        requestContext.cookies().onHeaderSet(name, answer);
    }

    @Override
    public void setIntHeader(String name, int value) {
        noteLength(name, Integer.toString(value));
        super.setIntHeader(name, value);
    }

    @Override
    public void addIntHeader(String name, int value) {
        noteLength(name, Integer.toString(value));
        super.addIntHeader(name, value);
    }

    private void noteLength(String name, @Nullable String value) {
        if (value != null && name.equalsIgnoreCase("Content-Length")) {
            try {
                contentLength = Long.parseLong(value.strip());
            } catch (NumberFormatException e) {
                contentLength = -1; // the container handles the invalid value
            }
        }
    }

    private static @Nullable MethodHandle redirect() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(
                            HttpServletResponse.class,
                            "sendRedirect",
                            MethodType.methodType(void.class, String.class, int.class, boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
