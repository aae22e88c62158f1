package io.gatehouse.ratelimit;

/** Being written elsewhere: replaced when merged. */
public record ClientAddress(String ip, String network) {
    static ClientAddress parse(String text) {
        return new ClientAddress(text, text);
    }
}
