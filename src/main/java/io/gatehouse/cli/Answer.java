package io.gatehouse.cli;

/**
 * The answer of a command.
 *
 * @param document for programs, written as JSON
 * @param text for people
 */
record Answer(Record document, String text, Exit exit) {

    static Answer of(Record document, String text) {
        return new Answer(document, text, Exit.OK);
    }

    Answer endingWith(Exit other) {
        return new Answer(document, text, other);
    }
}
