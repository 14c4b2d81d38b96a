package org.ttm4j.cli.console;

/**
 * An option of a command.
 *
 * @param name the name with the dashes, such as {@code --horizon}
 * @param value the placeholder for the value in the help text; null for a flag
 * @param help one line on what the option does
 * @param repeatable whether it may be given more than once
 */
public record Option(String name, String value, String help, boolean repeatable) {
    /** The option that names a model, which is the same in all commands that have it. */
    public static final Option MODEL = new Option("--model", "NAME|DIR",
            "a bundled model or a checkpoint folder (default: the bundled model that suits)");

    /** The option of the commands that write a page or a picture. */
    public static final Option OPEN = flag("--open", "show the page or picture when it is written");

    /** An option that is given once. */
    public Option(String name, String value, String help) {
        this(name, value, help, false);
    }

    /** An option that may be given more than once, each time with another value. */
    public static Option repeatable(String name, String value, String help) {
        return new Option(name, value, help, true);
    }

    /** An option without a value. */
    public static Option flag(String name, String help) {
        return new Option(name, null, help);
    }

    public boolean isFlag() {
        return value == null;
    }
}
