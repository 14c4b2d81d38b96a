package org.ttm4j.cli.console;

/**
 * An option of a command.
 *
 * @param name with its dashes, such as {@code --horizon}
 * @param value what stands for its value in the help text; null for a flag
 * @param help what it does, one line
 */
public record Option(String name, String value, String help) {
    /** The option that names a model, the same in every command that has it. */
    public static final Option MODEL = new Option("--model", "NAME|DIR",
            "a bundled model or a checkpoint folder (default: the bundled one that suits)");

    public static Option flag(String name, String help) {
        return new Option(name, null, help);
    }

    public boolean isFlag() {
        return value == null;
    }
}
