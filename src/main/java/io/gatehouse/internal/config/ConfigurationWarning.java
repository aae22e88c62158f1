package io.gatehouse.internal.config;

/**
 * A warning of a part of the configuration that is valid but is probably a mistake. Immutable.
 *
 * @param setting the name in the configuration, which need not be the name of a setting
 * @param message the warning for people
 */
public record ConfigurationWarning(Code code, String setting, String message) {

    /** The kinds of warnings. */
    public enum Code {
        /** The name starts with the prefix of Gatehouse but is unknown. */
        UNKNOWN_SETTING,
        /** A setting is set by name and by file; the file is ignored. */
        FILE_IGNORED
    }
}
