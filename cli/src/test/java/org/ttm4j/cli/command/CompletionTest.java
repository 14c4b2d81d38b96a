package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;

class CompletionTest {
    @TempDir
    Path folder;

    private String completed(String... words) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("ttm.bash"), CliRun.in(folder, "completion", "bash").out());
        String script = "source ./ttm.bash; COMP_WORDS=(ttm \"$@\"); COMP_CWORD=$#; _ttm; echo ${COMPREPLY[@]}";
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), out);
        return out.strip();
    }

    @Tag("process")
    @Test
    void bashCompletesCommandsOptionsValuesAndFiles() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        assertEquals("forecast", completed("fore"));
        assertEquals("--model --mode", completed("forecast", "--mod"));
        assertEquals("balanced best", completed("forecast", "--mode", "b"));
        assertEquals("ttm.bash", completed("forecast", "tt"));
        assertTrue(completed("evaluate", "--").contains("--short-series"));
    }

    @Tag("process")
    @Test
    void zshCompletesCommandsOptionsValuesAndFiles() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "no zsh");
        Files.writeString(folder.resolve("ttm.zsh"), CliRun.in(folder, "completion", "zsh").out());
        Files.writeString(folder.resolve("load.csv"), "");
        Files.writeString(folder.resolve("type.zsh"),
                """
                        zmodload zsh/zpty
                        zpty shell 'zsh -f -i'
                        lines=('autoload -U compinit; compinit -u -D; source ./ttm.zsh; ttm() print "<$*>"'
                            $'ttm fore\\t x' $'ttm forecast --holi\\tDE' $'ttm forecast --mode bal\\t' $'ttm forecast lo\\t' exit)
                        for line in $lines; zpty -w shell $line
                        while zpty -r shell out; do print -rn -- $out; done
                        """);
        Process zsh = new ProcessBuilder("/usr/bin/zsh", "-f", "type.zsh").directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(zsh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        zsh.waitFor();
        assertEquals(
                List.of("<forecast x>", "<forecast --holidays DE>", "<forecast --mode balanced>",
                        "<forecast load.csv>"),
                out.lines().map(String::strip).filter(line -> line.startsWith("<")).toList());
    }

    @Test
    void zshAndTheManualHaveEveryOptionOfEveryCommand() {
        String zsh = CliRun.in(folder, "completion", "zsh").out();
        String manual = CliRun.in(folder, "man").out().replace("\\-", "-");
        for (Command command : List.of(new ForecastCommand(), new EvaluateCommand(), new BacktestCommand())) {
            assertTrue(manual.contains("ttm " + command.name), command.name);
            for (var option : command.options()) {
                assertTrue(zsh.contains("'" + option.name() + "["), option.name());
                assertTrue(manual.contains(".B " + Command.label(option)), option.name());
            }
        }
        assertTrue(zsh.contains(":(fast balanced best)'"), zsh);
        assertTrue(zsh.contains("'*--set["), "zsh offers a repeatable option again");
        assertEquals(2, CliRun.in(folder, "completion", "fish").code());
        assertEquals(2, CliRun.in(folder, "completion").code());
        assertEquals(2, CliRun.in(folder, "man", "forecast").code());
        CliRun version = CliRun.in(folder, "--version");
        assertEquals(0, version.code());
        assertTrue(version.out().matches("ttm .*, Java [\\w.+-]+\\R"), version.out());
    }
}
