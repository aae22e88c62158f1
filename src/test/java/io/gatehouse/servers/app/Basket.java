package io.gatehouse.servers.app;

import java.util.ArrayList;
import java.util.List;

/** What is stored as JSON, and could not be stored otherwise: it is not serializable. */
public class Basket {
    private List<String> items = new ArrayList<>();

    public List<String> getItems() {
        return items;
    }

    public void setItems(List<String> items) {
        this.items = items;
    }
}
