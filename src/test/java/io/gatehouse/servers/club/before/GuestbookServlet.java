package io.gatehouse.servers.club.before;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Counts the entries in the guestbook of the session. */
@WebServlet("/guestbook")
public class GuestbookServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Guestbook guestbook;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(guestbook.enter());
    }
}
