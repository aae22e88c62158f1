package io.gatehouse.sample;

import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs page: the last runs, and for each user the node that loaded the cached entry. */
@WebServlet("/jobs")
public class JobsServlet extends MembersServlet {
    private static final long serialVersionUID = 1L;

    private static final int REFRESH_SECONDS = 2;
    private static final int MAX_RUNS = 20;

    @Override
    boolean act(String user, HttpSession session, HttpServletRequest request) {
        switch (action(request)) {
            case "warm" -> gatehouse().jobs().submit("warm-users", Map.of());
            case "count" -> gatehouse().jobs().submit("count-people", Map.of("letters", List.of("a", "b")));
            case "retry" -> gatehouse().jobs().retry(text(request, "id"));
            case "cancel" -> gatehouse().jobs().cancel(text(request, "id"));
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    Page show(String user, HttpSession session) {
        String csrf = csrf(session);
        Page page = Page.refreshed("Jobs", REFRESH_SECONDS);
        page.markup("<h1>Jobs</h1><section><h2>Last runs</h2><table id=\"jobs\"><tr><th>Job<th>State<th>Done");
        page.markup("<th>Node<th>Try<th>Submitted<th>Started<th>Ended<th>Result<th>");
        gatehouse().jobs().history(MAX_RUNS).forEach(run -> row(page, run, csrf));
        page.markup("</table>").form("warm", csrf, "", "Warm the cache");
        page.form("count", csrf, "", "Count people");
        page.markup(
                "</section><section><h2>Cached entries</h2><p class=\"hint\">Each user, with the node that loaded the entry.");
        page.markup(" Stop the node that runs the job: the other one takes over.</p><table id=\"people\">");
        for (int i = 0; i < Directory.PEOPLE.size(); i++) {
            String person = Directory.PEOPLE.get(i);
            Optional<Map<String, Object>> entry = gatehouse().cache().get("user:" + person);
            page.markup(i % 10 == 0 ? "<tr>" : "").markup("<td>").text(person).markup(" <b>");
            page.text(entry.isPresent() ? entry.get().get(Directory.NODE) : "\u2013")
                    .markup("</b>");
        }
        return page.markup("</table></section><p><a href=\"account\">Account</a>, <a href=\"profile\">profile</a>");
    }

    private static void row(Page page, JobRun run, String csrf) {
        JobResult result = run.result();
        String node = run.node();
        page.markup("<tr><td>").text(run.name()).markup("<td>").text(run.state().label());
        page.markup("<td>").text(run.done() + " of " + run.total());
        page.markup("<td><code>").text(node == null ? "" : node.substring(0, Math.min(8, node.length())));
        page.markup("</code><td>").text(run.attempts());
        page.markup("<td>").text(Page.time(run.submitted()));
        page.markup("<td>").text(run.started() == null ? "" : Page.time(run.started()));
        page.markup("<td>").text(run.finished() == null ? "" : Page.time(run.finished()));
        page.markup("<td>")
                .text(result == null ? run.message() : result.message())
                .markup("<td>");
        String id = "<input type=\"hidden\" name=\"id\" value=\"" + run.id() + "\">";
        if (run.state() == JobState.DEAD) {
            page.form("retry", csrf, id, "Repeat");
        } else if (!run.state().isFinal()) {
            page.form("cancel", csrf, id, "Cancel");
        }
    }
}
