package io.gatehouse.internal.config;

/**
 * A part of the configuration that is allowed but looks like a mistake.
 *
 * @param setting the name as it was given, which need not be that of a setting
 * @param message a sentence for people
 */
public record ConfigurationWarning(Code code, String setting, String message) {

    /** The kind of a warning. */
    public enum Code {
        /** The name begins like a setting of Gatehouse and is none. */
        UNKNOWN_SETTING,
        /** A setting is given by name and by file; the file is not read. */
        FILE_IGNORED
    }
}
