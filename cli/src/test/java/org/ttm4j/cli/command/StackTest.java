package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.forecast.fixtures.OneForecast;

/** How many rooms lie between a command and the forecast of one member. */
class StackTest {
    private static final int MOST = 14;

    @TempDir
    Path folder;

    /** The stack of the command's thread is looked at until a member is on it. */
    @Test
    void fewTypesLieBetweenTheCommandAndAMember() throws IOException {
        double[] history = OneForecast.history();
        StringBuilder rows = new StringBuilder("id,time,load\n");
        for (int series = 0; series < 40; series++) {
            for (int t = 0; t < history.length; t++) {
                rows.append(series).append(',').append(OneForecast.START.plusHours(t)).append(',');
                rows.append(history[t] + series).append('\n');
            }
        }
        Files.writeString(folder.resolve("x.csv"), rows);
        Thread command = Thread.currentThread();
        AtomicReference<Set<String>> seen = new AtomicReference<>();
        Thread watch = new Thread(() -> {
            while (seen.get() == null && !Thread.currentThread().isInterrupted()) {
                List<String> types = Arrays.stream(command.getStackTrace())
                        .map(frame -> frame.getClassName().replaceAll("\\$.*", ""))
                        .filter(type -> type.startsWith("org.ttm4j."))
                        .toList();
                String innermost = types.isEmpty() ? "" : types.get(0);
                if (innermost.matches(".*\\.(ExponentialSmoothing|LocalTrend)")) seen.set(new LinkedHashSet<>(types));
            }
        });
        watch.start();
        for (int tries = 0; tries < 20 && seen.get() == null; tries++) {
            CliRun.in(folder, "forecast", "x.csv", "--id", "id", "--plot", "none");
        }
        watch.interrupt();
        Set<String> types = seen.get();
        types.removeIf(type -> type.endsWith("Test") || type.endsWith("CliRun"));
        System.out.println(types.size() + " types on the stack: " + types);
        assertTrue(types.size() <= MOST, types.toString());
    }
}
