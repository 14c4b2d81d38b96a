package org.ttm4j.cli.mcp;

import java.util.List;
import org.ttm4j.cli.console.Console;

/** The program, which a tool runs. */
@FunctionalInterface
public interface Program {
    /** Runs a command with its arguments and returns its exit code. */
    int run(List<String> arguments, Console console);
}
