package io.gatehouse.cli;

import io.gatehouse.operate.Document;

/**
 * What a command has to say.
 *
 * @param document for programs
 * @param text for people
 */
record Answer(Document document, String text, Exit exit) {

    static Answer of(Document document, String text) {
        return new Answer(document, text, Exit.OK);
    }

    Answer endingWith(Exit other) {
        return new Answer(document, text, other);
    }
}
