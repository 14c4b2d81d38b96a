package org.ttm4j.cli.command;

import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;

/** {@code ttm completion}: a script for a shell, made from what the commands say of themselves. */
public final class CompletionCommand extends Command {
    /** A value that is one of several words. */
    private static final Pattern WORDS = Pattern.compile("[a-z]+(\\|[a-z]+)+");
    /** A value that is a file. */
    private static final Pattern FILES = Pattern.compile("FILE|DIR|\\.");

    private final Supplier<List<Command>> commands;

    public CompletionCommand(Supplier<List<Command>> commands) {
        super("completion", "bash|zsh", "print a script that lets a shell complete commands and options", """
                bash: source <(ttm completion bash)
                zsh:  source <(ttm completion zsh)
                """);
        this.commands = commands;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException {
        String shell = arguments.operand("bash or zsh");
        switch (shell) {
            case "bash" -> console.out().print(bash());
            case "zsh" -> console.out().print(zsh());
            default -> throw new UsageException("expected bash or zsh, found " + Printable.quoted(shell));
        }
        return OK;
    }

    private String bash() {
        StringBuilder script = new StringBuilder("""
                # Completes ttm in bash: source <(ttm completion bash)
                _ttm() {
                    local word=${COMP_WORDS[COMP_CWORD]} options= values=
                    COMPREPLY=()
                    if [ "$COMP_CWORD" -eq 1 ]; then
                        COMPREPLY=($(compgen -W "%s" -- "$word"))
                        return
                    fi
                    case ${COMP_WORDS[1]} in
                """.formatted(commands.get().stream().map(command -> command.name).collect(Collectors.joining(" "))));
        for (Command command : commands.get()) {
            script.append("    ").append(command.name).append(") options='");
            for (Option option : command.options()) script.append(option.name()).append(' ');
            script.append("--help' ;;\n");
        }
        script.append("    esac\n    case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}\" in\n");
        for (Command command : commands.get()) {
            for (Option option : command.options()) {
                if (!hasWords(option)) continue;
                script.append("    '" + command.name + " " + option.name() + "') values='" + words(option) + "' ;;\n");
            }
        }
        return script.append("""
                    esac
                    if [ -n "$values" ]; then
                        COMPREPLY=($(compgen -W "$values" -- "$word"))
                    elif [ "${word#-}" != "$word" ]; then
                        COMPREPLY=($(compgen -W "$options" -- "$word"))
                    else
                        COMPREPLY=($(compgen -f -- "$word"))
                    fi
                }
                complete -o filenames -F _ttm ttm
                """).toString();
    }

    private String zsh() {
        StringBuilder script = new StringBuilder("""
                # Completes ttm in zsh: source <(ttm completion zsh)
                _ttm() {
                    local -a commands
                    commands=(
                """);
        for (Command command : commands.get()) {
            script.append("        ").append(quoted(command.name + ":" + command.summary)).append('\n');
        }
        script.append("""
                    )
                    if (( CURRENT == 2 )); then
                        _describe command commands
                        return
                    fi
                    shift words
                    (( CURRENT-- ))
                    case $words[1] in
                """);
        for (Command command : commands.get()) {
            script.append("    ").append(command.name).append(") _arguments");
            for (Option option : command.options())
                script.append(" \\\n        ").append(quoted(specification(option)));
            script.append(" \\\n        '--help[explain the command]' '*:file:_files' ;;\n");
        }
        return script.append("    esac\n}\ncompdef _ttm ttm\n").toString();
    }

    /** An option as _arguments takes it. */
    private static String specification(Option option) {
        String help = (option.repeatable() ? "*" : "") + option.name() + "["
                + option.help().replaceAll("([\\[\\]:])", "\\\\$1") + "]";
        if (option.isFlag()) return help;
        return help + ":" + option.value().replace(":", "\\:") + ":"
                + (hasWords(option)
                        ? "(" + words(option) + ")"
                        : FILES.matcher(option.value()).find() ? "_files" : " ");
    }

    private static boolean hasWords(Option option) {
        return !option.isFlag() && WORDS.matcher(option.value()).matches();
    }

    private static String words(Option option) {
        return option.value().replace('|', ' ');
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
