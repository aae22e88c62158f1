package io.gatehouse.sample;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The profile of a user, stored in the session as JSON because web.xml registers the class. */
public class Profile {
    private String nickname = "";
    private String colour = "teal";
    private @Nullable Instant changedAt;

    public String getNickname() {
        return nickname;
    }

    public void setNickname(String nickname) {
        this.nickname = nickname;
    }

    public String getColour() {
        return colour;
    }

    public void setColour(String colour) {
        this.colour = colour;
    }

    public @Nullable Instant getChangedAt() {
        return changedAt;
    }

    public void setChangedAt(@Nullable Instant changedAt) {
        this.changedAt = changedAt;
    }
}
