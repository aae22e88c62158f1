package io.gatehouse.internal.cli;

/** The exit codes of commands. The numbers are part of the contract. */
enum ExitCode {
    OK(0),
    FAILED(1),
    USAGE(2),
    UNHEALTHY(3),
    PARTLY(4);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
