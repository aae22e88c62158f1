package io.gatehouse.servers.club.after;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Counts the photos in the album of the session. */
@WebServlet("/album")
public class AlbumServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Album album;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(album.add());
    }
}
