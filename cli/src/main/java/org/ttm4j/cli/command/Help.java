package org.ttm4j.cli.command;

import java.util.List;
import org.ttm4j.cli.console.Option;

/** The help texts, made from what the commands say of themselves. */
public final class Help {
    private Help() {}

    public static String overview(List<Command> commands) {
        StringBuilder text = new StringBuilder("""
                ttm: time-series forecasting with Tiny Time Mixers

                usage: ttm COMMAND …

                """);
        int width = commands.stream().mapToInt(command -> command.name.length()).max().orElse(0);
        for (Command command : commands) line(text, command.name, width, command.summary);
        return text.append("\nttm COMMAND --help explains a command, ttm --version says which ttm this is.").toString();
    }

    /** The program's name and version; without one where it does not run from its jar. */
    public static String version() {
        String version = Help.class.getPackage().getImplementationVersion();
        return version == null ? "ttm (not from its jar)" : "ttm " + version;
    }

    public static String of(Command command) {
        StringBuilder text = new StringBuilder("usage: ttm ").append(command.name);
        if (!command.operands.isEmpty()) text.append(' ').append(command.operands);
        if (!command.options().isEmpty()) text.append(" [options]");
        text.append("\n\n").append(command.summary).append('\n');
        if (!command.options().isEmpty()) text.append('\n');
        int width = command.options().stream().mapToInt(option -> label(option).length()).max().orElse(0);
        for (Option option : command.options()) line(text, label(option), width, option.help());
        if (!command.details.isEmpty()) text.append('\n').append(command.details.strip()).append('\n');
        return text.toString().stripTrailing();
    }

    static String label(Option option) {
        return option.isFlag() ? option.name() : option.name() + " " + option.value();
    }

    private static void line(StringBuilder text, String label, int width, String help) {
        text.append("  ").append(label).append(" ".repeat(width - label.length() + 2)).append(help).append('\n');
    }
}
