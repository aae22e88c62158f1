package io.gatehouse.servers.app;

import java.util.ArrayList;
import java.util.List;

/** A value that can only be stored as JSON, because it is not serializable. */
public class Basket {
    private List<String> items = new ArrayList<>();

    public List<String> getItems() {
        return items;
    }

    public void setItems(List<String> items) {
        this.items = items;
    }
}
