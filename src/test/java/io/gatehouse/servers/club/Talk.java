package io.gatehouse.servers.club;

import jakarta.enterprise.context.Conversation;
import jakarta.enterprise.context.ConversationScoped;
import jakarta.inject.Inject;
import java.io.Serializable;

/** A conversation-scoped bean. */
@ConversationScoped
public class Talk implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    Conversation conversation;

    private int words;

    String begin() {
        conversation.begin();
        words = 1;
        return conversation.getId();
    }

    int say() {
        return ++words;
    }

    int end() {
        conversation.end();
        return words;
    }
}
