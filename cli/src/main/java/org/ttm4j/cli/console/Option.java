package org.ttm4j.cli.console;

/**
 * An option of a command.
 *
 * @param name the name with the dashes, such as {@code --horizon}
 * @param value the placeholder for the value in the help text; null for a flag
 * @param help one line on what the option does
 */
public record Option(String name, String value, String help) {
    /** The option that names a model, which is the same in all commands that have it. */
    public static final Option MODEL = new Option("--model", "NAME|DIR",
            "a bundled model or a checkpoint folder (default: the bundled model that suits)");

    /** An option without a value. */
    public static Option flag(String name, String help) {
        return new Option(name, null, help);
    }

    /** Whether the option has no value. */
    public boolean isFlag() {
        return value == null;
    }
}
