package shop;

import java.io.Serializable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** Counts the visits of a session. */
@Component
@SessionScope
public class Visits implements Serializable {
    private static final long serialVersionUID = 1L;

    private int count;

    public int count() {
        count++;
        return count;
    }
}
