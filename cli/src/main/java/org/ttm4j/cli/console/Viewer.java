package org.ttm4j.cli.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows a file in the program that the desktop, or the variable BROWSER, has for it. */
public final class Viewer {
    /** The option of the commands that write a page or a picture. */
    public static final Option OPEN = Option.flag("--open", "show the page or picture when it is written");

    private Viewer() {}

    /** Opens a file; the console has a note where that is not possible. Does not wait for the program. */
    public static void open(Path file, Console console) {
        List<String> command = command(System.getenv("BROWSER"), System.getProperty("os.name"), file);
        try {
            new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            console.say("note: --open: " + command.get(0) + " cannot be started; open " + file.toAbsolutePath()
                    + " yourself");
        }
    }

    /** The command for a system, by its name in Java. */
    static List<String> command(String browser, String system, Path file) {
        String name = system.toLowerCase(Locale.ROOT);
        List<String> command = new ArrayList<>();
        if (browser != null && !browser.isBlank()) command.add(browser);
        else if (name.startsWith("mac")) command.add("open");
        else if (name.startsWith("windows")) command.addAll(List.of("rundll32", "url.dll,FileProtocolHandler"));
        else command.add("xdg-open");
        command.add(file.toAbsolutePath().toString());
        return command;
    }
}
