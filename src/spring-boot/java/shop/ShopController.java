package shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.Callable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The pages of the shop. */
@RestController
class ShopController {
    private final Visits visits;

    ShopController(Visits visits) {
        this.visits = visits;
    }

    @GetMapping("/count")
    String count(HttpSession session) {
        int count = visits.count();
        session.setAttribute("count", count);
        return "" + count;
    }

    @GetMapping("/later")
    Callable<String> later(HttpSession session) {
        String count = count(session);
        return () -> count;
    }

    @GetMapping("/who")
    String who(HttpServletRequest request) {
        return request.getRemoteUser() == null ? "guest" : request.getRemoteUser();
    }

    @GetMapping("/timeout")
    String timeout(HttpSession session) {
        return "" + session.getMaxInactiveInterval();
    }

    @GetMapping("/page")
    String page() {
        return "page";
    }

    @GetMapping("/journal")
    String journal(HttpServletRequest request) {
        return request.getServletContext().getAttribute("journal").toString();
    }
}
