package org.ttm4j.cli.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, where the machine has one. */
public final class Browser {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private Browser() {}

    /** The program, or null. */
    public static Path find() {
        String folders = System.getenv().getOrDefault("PATH", "");
        return Stream.of(folders.split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Opens a page and returns what its scripts have made of it. */
    public static String dom(Path page, Path scratch) throws IOException, InterruptedException {
        Path out = scratch.resolve("dom.html");
        Process process = new ProcessBuilder(find().toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--user-data-dir=" + scratch.resolve("profile"), "--virtual-time-budget=5000", "--dump-dom",
                page.toUri().toString()).redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) process.destroyForcibly();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
