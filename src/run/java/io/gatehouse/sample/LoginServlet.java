package io.gatehouse.sample;

import io.gatehouse.internal.session.Session;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** The login page: checks the password, changes the session id and stores the user in the session. */
@WebServlet({"", "/login"})
public class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute(Session.USER_ATTRIBUTE) != null) {
            response.sendRedirect("account");
            return;
        }
        show("", response);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String user = String.valueOf(request.getParameter("user"));
        String password = String.valueOf(request.getParameter("password"));
        if (!Users.isCorrect(user, password)) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            show("The user name or password is wrong.", response);
            return;
        }
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession().setAttribute(Session.USER_ATTRIBUTE, user);
        response.sendRedirect("account");
    }

    private static void show(String problem, HttpServletResponse response) throws IOException {
        Page page = new Page("Log in");
        page.markup("<section class=\"narrow\"><h1>Log in</h1>");
        if (!problem.isEmpty()) {
            page.markup("<p class=\"problem\" role=\"alert\">").text(problem).markup("</p>");
        }
        page.markup("<form method=\"post\" action=\"login\">")
                .markup("<label>User<input name=\"user\" autocomplete=\"username\" autofocus required></label>")
                .markup("<label>Password<input name=\"password\" type=\"password\" required></label>")
                .markup("<button>Log in</button></form>")
                .markup("<p class=\"hint\">Try <code>alice</code> with <code>wonderland</code>, ")
                .markup("or <code>bob</code> with <code>builder</code>.</p></section>")
                .sendTo(response);
    }
}
