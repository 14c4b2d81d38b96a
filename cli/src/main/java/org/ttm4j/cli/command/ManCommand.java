package org.ttm4j.cli.command;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;

/** {@code ttm man}: the manual page, made from what the commands say of themselves. */
public final class ManCommand extends Command {
    private final Supplier<List<Command>> commands;

    public ManCommand(Supplier<List<Command>> commands) {
        super("man", "", "print the manual page", """
                To read it:    ttm man > ttm.1; man ./ttm.1
                To install it: ttm man > ~/.local/share/man/man1/ttm.1
                """);
        this.commands = commands;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        StringBuilder page = new StringBuilder(".TH TTM 1 \"\" \"" + roff(version()) + "\"\n.SH NAME\n"
                + "ttm \\- time-series forecasting with Tiny Time Mixers\n.SH SYNOPSIS\n.B ttm\nCOMMAND \\&...\n"
                + ".SH COMMANDS\n");
        for (Command command : commands.get()) {
            page.append(".SS \"ttm ").append(roff(command.name + " " + command.operands).strip()).append("\"\n");
            line(page, command.summary);
            for (Option option : command.options()) {
                page.append(".TP\n.B ").append(roff(label(option))).append('\n');
                line(page, option.help());
            }
            for (String paragraph : command.details.strip().split("\n\n")) {
                page.append(".PP\n");
                paragraph.lines().forEach(text -> line(page, text));
            }
        }
        page.append(".SH EXIT STATUS\n0 done, 1 the input or the model is at fault, 2 wrong usage.\n");
        console.out().print(page);
        return OK;
    }

    private static void line(StringBuilder page, String text) {
        String safe = roff(text);
        page.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "").append(safe).append('\n');
    }

    private static String roff(String text) {
        String ascii = text.codePoints()
                .mapToObj(c -> c == '\\' ? "\\e" : c < 128 ? Character.toString(c) : String.format("\\[u%04X]", c))
                .collect(Collectors.joining());
        return ascii.replace("-", "\\-").replace("\"", "\\(dq");
    }
}
