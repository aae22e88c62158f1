package io.gatehouse.servers.club.faces;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Named;
import java.io.Serializable;

/** A view-scoped bean. */
@Named
@ViewScoped
public class Clicks implements Serializable {
    private static final long serialVersionUID = 1L;

    private int number;

    public int getNumber() {
        return number;
    }

    public void click() {
        number++;
    }
}
