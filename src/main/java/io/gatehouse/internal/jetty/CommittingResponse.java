package io.gatehouse.internal.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The response that the handlers behind the guard write to. Has the session saved before the first byte and before the last: Jetty itself
 * sends redirects after a login, and responses that the filter has not seen. If the session cannot be saved, an error replaces the response.
 */
final class CommittingResponse extends Response.Wrapper {
    private final OwnAnswer answer;
    private final Runnable commit;
    private boolean replaced;

    /**
     * @param answer the answer that {@code commit} gives if the session cannot be saved
     * @param commit saves the session
     */
    CommittingResponse(Request request, Response response, OwnAnswer answer, Runnable commit) {
        super(request, response);
        this.answer = answer;
        this.commit = commit;
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
        if (replaced) {
            callback.succeeded();
            return;
        }
        if (last || !isCommitted()) {
            if (getStatus() == HttpStatus.UNAUTHORIZED_401) {
                ForeignNonces.mark(getRequest(), getHeaders());
            }
            commit.run();
            if (answer.isGiven() && !isCommitted()) {
                replaced = true;
                answer.write(getWrapped(), callback);
                return;
            }
        }
        super.write(last, content, callback);
    }
}
